"""Whose chat it is: people whom a channel knows by an id, by a number, or by both."""

import itertools
import random

import pytest
from redis.asyncio import Redis
from structlog.testing import capture_logs

from state.conversation import Chat
from state.parts import Person
from state.store.contacts import Contact, Contacts
from state.store.encryption import Keyring
from state.store.store import Store

_NUMBER = Chat(channel="whatsapp", account="1065", id="")
_ANA = Person(user="CO.111", phone="573001112233")


def _people(redis: Redis) -> Contacts:
    return Store(redis, Keyring((bytes(32),)), token="t").contacts


async def _met(people: Contacts, user: str = "", phone: str = "") -> str:
    return (await _seen(people, user, phone)).chat.id


async def _seen(people: Contacts, user: str = "", phone: str = "", *, now: int = 1) -> Contact:
    (contact,) = await people.find_or_begin([(_NUMBER, Person(user=user, phone=phone))], now=now)
    return contact


async def _renamed(people: Contacts, old: Person, new: Person) -> str:
    return (await people.rename(_NUMBER, old, new, now=1)).chat.id


async def test_any_name_leads_to_the_chat(redis: Redis) -> None:
    """Once both names were seen together, each alone leads to the same chat."""
    people = _people(redis)

    first = await _met(people, "CO.111", "573001112233")

    assert first == "CO.111"
    assert await _met(people, user="CO.111") == first
    assert await _met(people, phone="573001112233") == first


async def test_number_first_then_the_id(redis: Redis) -> None:
    """A chat begun by the number goes on when the account's id shows itself."""
    people = _people(redis)

    begun = await _met(people, phone="573001112233")
    learnt = await _met(people, "CO.111", "573001112233")

    assert begun == learnt == await _met(people, user="CO.111") == "573001112233"


async def test_number_of_somebody_else(redis: Redis) -> None:
    """A number that came to belong to another account does not open the earlier one's chat."""
    people = _people(redis)
    await _met(people, "CO.111", "573001112233")

    stranger = await _met(people, "CO.999", "573001112233")

    assert stranger == "CO.999"
    assert await _met(people, user="CO.111") == "CO.111"


async def test_many_at_once(redis: Redis) -> None:
    """A call may bring many people, known and new ones, each once or more."""
    people = _people(redis)
    await _met(people, "CO.1", "571")
    met = [(_NUMBER, Person(user=f"CO.{n % 50}", phone=f"57{n % 50}")) for n in range(200)]

    contacts = await people.find_or_begin(met, now=1)

    assert [contact.chat.id for contact in contacts] == [f"CO.{n % 50}" for n in range(200)]


async def test_new_number(redis: Redis) -> None:
    """Who takes another number keeps the chat; the number left behind opens it no more."""
    people = _people(redis)
    await _met(people, "CO.111", "573001112233")

    chat = await _renamed(people, _ANA, Person(user="CO.111", phone="573009998877"))

    assert chat == "CO.111"
    assert await _met(people, phone="573009998877") == "CO.111"
    assert await _met(people, phone="573001112233") == "573001112233"


async def test_new_id(redis: Redis) -> None:
    """Who gets another id keeps the chat; a late repeat under the old one finds it too."""
    people = _people(redis)
    await _met(people, "CO.111", "573001112233")

    chat = await _renamed(people, Person(user="CO.111"), Person(user="CO.222"))

    assert chat == "CO.111"
    assert [await _met(people, user=user) for user in ("CO.222", "CO.111")] == ["CO.111"] * 2


async def test_id_that_wrote_before_the_change_was_told(redis: Redis) -> None:
    """An id that has a chat of its own keeps it: what is told late takes nothing over."""
    people = _people(redis)
    await _met(people, user="CO.111")
    await _met(people, user="CO.222")

    await _renamed(people, Person(user="CO.111"), Person(user="CO.222"))

    assert await _met(people, user="CO.222") == "CO.222"


async def test_change_of_somebody_unknown(redis: Redis) -> None:
    """A change of somebody who never wrote begins a chat under the new names."""
    people = _people(redis)

    chat = await _renamed(people, Person(user="CO.111"), Person(user="CO.222"))

    assert chat == "CO.222"


async def test_accounts_are_apart(redis: Redis) -> None:
    """The same person at two numbers of ours has two chats."""
    people = _people(redis)
    other = Chat(channel="whatsapp", account="2", id="")

    one, two = await people.find_or_begin([(_NUMBER, _ANA), (other, _ANA)], now=1)

    assert (one.chat.account, two.chat.account) == ("1065", "2")


async def test_names_are_sealed(redis: Redis) -> None:
    """No name stands in Redis in clear."""
    await _met(_people(redis), "CO.111", "573001112233")

    (name,) = [key async for key in redis.scan_iter("*names:*")]
    kept = str(await redis.hgetall(name))
    assert "573001112233" not in kept
    assert "CO.111" not in kept


_PHONE, _OTHER = "573001112233", "573009998877"


async def test_number_of_a_second_account_is_told(redis: Redis) -> None:
    """A number that another account had shown is told as recycled, with every name that shows it.

    The first one's is not; of the account alone nothing is told.
    """
    people = _people(redis)
    first = await _seen(people, "CO.111", _PHONE)
    second = [await _seen(people, "CO.999", _PHONE, now=now) for now in (70, 80)]
    alone = await _seen(people, "CO.999")
    number = await _seen(people, phone=_PHONE, now=90)

    assert first.recycled_at == alone.recycled_at == 0
    assert [one.recycled_at for one in second] == [70, 70]
    assert (number.chat.id, number.recycled_at) == ("CO.999", 70)
    assert await people.find_former(_NUMBER, _PHONE) is not None


async def test_first_id_beside_a_number_is_no_other_account(redis: Redis) -> None:
    """A number that was known alone is not recycled when the account's id comes beside it."""
    people = _people(redis)
    await _met(people, phone=_PHONE)

    assert (await _seen(people, "CO.111", _PHONE)).recycled_at == 0


async def test_late_message_of_the_first_account(redis: Redis) -> None:
    """What the first account wrote before does not take the number back, nor trust it again."""
    people = _people(redis)
    await _seen(people, "CO.111", _PHONE)
    await _seen(people, "CO.999", _PHONE, now=70)
    late = await _seen(people, "CO.111", _PHONE, now=80)

    assert (late.chat.id, late.recycled_at) == ("CO.111", 70)
    assert await _met(people, phone=_PHONE) == "CO.999"


async def test_number_that_was_given_up(redis: Redis) -> None:
    """Who takes a number that somebody gave up has a recycled one; who gave it up has not."""
    people = _people(redis)
    for user, phone in (("CO.111", _PHONE), ("CO.222", "573004445566")):
        await _seen(people, user, phone)
        old, new = Person(user=user, phone=phone), Person(user=f"{user}9", phone=f"{phone}9")
        await _renamed(people, old, new)

    assert (await _seen(people, "CO.999", _PHONE, now=70)).recycled_at == 70
    back = Person(user="CO.22299", phone="573004445566")
    await _renamed(people, Person(user="CO.2229", phone="5730044455669"), back)
    assert (await _seen(people, "CO.22299", "573004445566")).recycled_at == 0


async def test_new_id_told_late(redis: Redis) -> None:
    """An account whose new id shows the number before the change is told has its own number."""
    people = _people(redis)
    await _seen(people, "CO.111", _PHONE)
    early = await _seen(people, "CO.222", _PHONE, now=70)
    await _renamed(people, Person(user="CO.111"), Person(user="CO.222"))

    assert early.recycled_at == 70
    assert (await _seen(people, "CO.111", _PHONE)).recycled_at == 0
    assert (await _seen(people, "CO.222", _PHONE)).recycled_at == 0


async def test_change_told_of_an_unknown_account(redis: Redis) -> None:
    """Who has a recycled number, and changes it before writing, is not led to the first's chat."""
    people = _people(redis)
    await _seen(people, "CO.111", _PHONE)
    stranger = Person(user="CO.999", phone=_PHONE)

    assert await _renamed(people, stranger, Person(user="CO.888", phone=_OTHER)) == "CO.888"
    assert await _met(people, "CO.111") == await _met(people, phone=_PHONE) == "CO.111"


async def test_change_of_the_first_told_late(redis: Redis) -> None:
    """A change that is told after the number passed takes it from nobody."""
    people = _people(redis)
    await _seen(people, "CO.111", _PHONE)
    await _seen(people, "CO.999", _PHONE, now=70)
    await _renamed(people, _ANA, Person(user="CO.112", phone=_OTHER))

    assert await _met(people, phone=_PHONE) == "CO.999"
    assert (await _seen(people, "CO.999", _PHONE)).recycled_at == 70
    assert (await _seen(people, "CO.112", _OTHER)).recycled_at == 0


async def test_many_at_once_show_one_number(redis: Redis) -> None:
    """Of accounts that show one number at the same moment, all but one have a recycled one."""
    shown = [(_NUMBER, Person(user=f"CO.{n}", phone=_PHONE)) for n in range(20)]
    contacts = await _people(redis).find_or_begin(shown, now=70)
    again = await _people(redis).find_or_begin(shown, now=80)

    assert sorted(contact.recycled_at for contact in contacts) == [0, *[70] * 19]
    assert [contact.recycled_at for contact in again] == [70] * 20


async def test_rotated_names_are_known_as_before(redis: Redis) -> None:
    """After a change of keys an account is told from another one as before."""
    people = _people(redis)
    await _seen(people, "CO.111", _PHONE)
    await _renamed(people, Person(user="CO.111"), Person(user="CO.222"))
    store = Store(redis, Keyring((bytes([7]) * 32, bytes(32))), token="t")
    await store.rotation.rotate("whatsapp:1065")

    assert (await _seen(store.contacts, "CO.222", _PHONE)).recycled_at == 0
    assert (await _seen(store.contacts, "CO.999", _PHONE, now=70)).recycled_at == 70


class Accounts:
    """Customers who write, change their number and their id, and whose calls are repeated."""

    def __init__(self, people: Contacts, seed: int) -> None:
        self.people = people
        self.chance = random.Random(seed)
        self.serials = itertools.count()
        self.names: dict[int, Person] = {}
        self.shown: dict[str, set[int]] = {}
        self.past: list[tuple[int, Person]] = []
        self.told: list[str] = []
        for _ in range(3):
            self._begin()

    async def act(self) -> None:
        """Let one of the accounts do something."""
        doing = (self._write, self._write, self._repeat, self._change, self._give_way)
        await self.chance.choice(doing)(self.chance.choice(list(self.names)))

    def _begin(self) -> None:
        serial = next(self.serials)
        self.names[serial] = Person(user=f"CO.{serial}", phone=self._spare())

    def _spare(self) -> str:
        taken = {person.phone for person in self.names.values()}
        return self.chance.choice([f"57{n}" for n in range(6) if f"57{n}" not in taken])

    async def _write(self, account: int) -> None:
        """Write under the id, or the id and the number."""
        person = self.names[account]
        await self._show(account, self.chance.choice((person, Person(user=person.user))))

    async def _repeat(self, _: int) -> None:
        """Have an earlier message come again, as a vendor repeats it."""
        if self.past:
            await self._show(*self.chance.choice(self.past))

    async def _change(self, account: int) -> None:
        """Move to another number that nobody has now, or back; Meta tells of it."""
        old = self.names[account]
        new = Person(user=f"{old.user}1", phone=self._spare())
        self.names[account] = new
        self.told.append(f"{old} -> {new}")
        self._judge(account, new, await self.people.rename(_NUMBER, old, new, now=70))

    async def _give_way(self, account: int) -> None:
        """Be seen no more; a new account gets a number that nobody has now."""
        del self.names[account]
        self._begin()

    async def _show(self, account: int, person: Person) -> None:
        self.told.append(f"{account}: {person}")
        self.past.append((account, person))
        self._judge(account, person, await _seen(self.people, person.user, person.phone, now=70))

    def _judge(self, account: int, person: Person, contact: Contact) -> None:
        """Compare what is told of a number with who has shown it."""
        if person.phone:
            shown = self.shown.setdefault(person.phone, set())
            shown.add(account)
            assert bool(contact.recycled_at) == (len(shown) > 1), "\n".join(self.told)


@pytest.mark.parametrize("seed", range(40))
async def test_orders_of_names(redis: Redis, seed: int) -> None:
    """In whatever order names come, change and repeat: a number is recycled if two had it."""
    accounts = Accounts(_people(redis), seed)
    for _ in range(30):
        await accounts.act()


async def test_name_that_does_not_open(redis: Redis) -> None:
    """A person whose chat's name does not open has no chat, logged once, and stops nobody."""
    people = _people(redis)
    await _met(people, user="CO.111")
    await _met(people, user="CO.222")
    (name,) = [key async for key in redis.scan_iter("*names:*")]
    spoilt = people._names(_NUMBER, Person(user="CO.111"))[0]
    await redis.hset(name, spoilt, b"|garbage")
    both = [(_NUMBER, Person(user=user)) for user in ("CO.111", "CO.222")]

    with capture_logs() as logs:
        await people.find_or_begin(both, now=70)
        chats = await people.find_or_begin(both, now=70)

    assert [one.chat.id for one in chats] == ["", "CO.222"]
    assert [log["event"] for log in logs] == ["name.unreadable"]
