"""Whose chat it is: people whom a channel knows by an id, by a number, or by both."""

from redis.asyncio import Redis
from structlog.testing import capture_logs

from state.conversation import Chat
from state.parts import Person
from state.store.contacts import Contacts
from state.store.encryption import Keyring
from state.store.store import Store

_NUMBER = Chat(channel="whatsapp", account="1065", id="")
_ANA = Person(user="CO.111", phone="573001112233")


def _people(redis: Redis) -> Contacts:
    return Store(redis, Keyring((bytes(32),)), token="t").contacts


async def _met(people: Contacts, user: str = "", phone: str = "") -> str:
    (chat,) = await people.find_or_begin([(_NUMBER, Person(user=user, phone=phone))])
    return chat.id


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

    chats = await people.find_or_begin(met)

    assert [chat.id for chat in chats] == [f"CO.{n % 50}" for n in range(200)]


async def test_new_number(redis: Redis) -> None:
    """Who takes another number keeps the chat; the number left behind opens it no more."""
    people = _people(redis)
    await _met(people, "CO.111", "573001112233")

    chat = await people.rename(_NUMBER, _ANA, Person(user="CO.111", phone="573009998877"))

    assert chat.id == "CO.111"
    assert await _met(people, phone="573009998877") == "CO.111"
    assert await _met(people, phone="573001112233") == "573001112233"


async def test_new_id(redis: Redis) -> None:
    """Who gets another id keeps the chat; a late repeat under the old one finds it too."""
    people = _people(redis)
    await _met(people, "CO.111", "573001112233")

    chat = await people.rename(_NUMBER, Person(user="CO.111"), Person(user="CO.222"))

    assert chat.id == "CO.111"
    assert [await _met(people, user=user) for user in ("CO.222", "CO.111")] == ["CO.111"] * 2


async def test_id_that_wrote_before_the_change_was_told(redis: Redis) -> None:
    """An id that has a chat of its own keeps it: what is told late takes nothing over."""
    people = _people(redis)
    await _met(people, user="CO.111")
    await _met(people, user="CO.222")

    await people.rename(_NUMBER, Person(user="CO.111"), Person(user="CO.222"))

    assert await _met(people, user="CO.222") == "CO.222"


async def test_change_of_somebody_unknown(redis: Redis) -> None:
    """A change of somebody who never wrote begins a chat under the new names."""
    people = _people(redis)

    chat = await people.rename(_NUMBER, Person(user="CO.111"), Person(user="CO.222"))

    assert chat.id == "CO.222"


async def test_accounts_are_apart(redis: Redis) -> None:
    """The same person at two numbers of ours has two chats."""
    people = _people(redis)
    other = Chat(channel="whatsapp", account="2", id="")

    one, two = await people.find_or_begin([(_NUMBER, _ANA), (other, _ANA)])

    assert (one.account, two.account) == ("1065", "2")


async def test_names_are_sealed(redis: Redis) -> None:
    """No name stands in Redis in clear."""
    await _met(_people(redis), "CO.111", "573001112233")

    (name,) = [key async for key in redis.scan_iter("*names:*")]
    kept = str(await redis.hgetall(name))
    assert "573001112233" not in kept
    assert "CO.111" not in kept


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
        await people.find_or_begin(both)
        chats = await people.find_or_begin(both)

    assert [chat.id for chat in chats] == ["", "CO.222"]
    assert [log["event"] for log in logs] == ["name.unreadable"]
