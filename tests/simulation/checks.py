"""What must hold, whatever the weather was."""

from collections import Counter
from typing import TYPE_CHECKING, Any

from handlers.ports import SendingRate
from state.conversation import Conversation
from state.journal import Kind
from state.store import codec, keys
from state.store.filing import Filing
from state.store.search import START
from state.views import summarize
from tests.simulation.toy import DELAY, heard, said
from tests.simulation.world import EPOCH, KEYRING, Weather, World

if TYPE_CHECKING:
    from tests.simulation.play import Customer

MOST_SEEN = 512
OLDEST = 691_200_000  # ms: eight days
BACKLOG = 4  # effects that may wait in a chat of the simulation
_FREE = 2  # phones that a chat may change within a month
_PROMPT = 0.2  # seconds in which a calm house answers: less than a worker's nap
_TRIES = 20  # of an account that is down, before its gate closes and whenever it opens again


def pending(world: World) -> list[str]:
    """Tell what is left to be done."""
    left = []
    for shard in keys.ALL:
        for name in ("odue", "timers"):
            left += [
                f"{name} {chat}" for chat in world.server.one("ZRANGE", shard.key(name), 0, -1)
            ]
        waiting = world.server.one("KEYS", shard.key("out:*"))
        left += [f"{name} {world.server.one('LLEN', name)}" for name in waiting]
    return left


def everything(world: World, customers: "list[Customer]", weather: Weather) -> None:
    """Check it all."""
    for customer in customers:
        _chat(world, customer, weather)
    _totals(world, customers)
    _house(world, customers)
    assert not world.fence.broken, "acted without the lease"
    assert world.longest <= BACKLOG + 3, "too many effects wait"
    assert world.counts["tried while down"] <= _TRIES, "a gate did not close"
    if weather.calm and not world.down_until:
        for customer in customers:
            _prompt(world, customer, weather)
    if weather.pace and not weather.pause:  # who stalls on the way sends later than was allowed
        _paced(world, weather.pace)


def _chat(world: World, customer: "Customer", weather: Weather) -> None:
    key = KEYRING.digest(str(customer.chat))
    conversation = record(world, key)
    assert sorted(customer.acknowledged) == sorted(customer.written)
    broken = [text for text in customer.written if text[-1] == "x"]
    understood = [text for text in customer.written if text[-1] != "x"]
    assert sorted(heard(conversation)) == sorted(understood), "lost or taken twice"
    journal = _journal(world, key)
    spoken = [entry.text for entry in journal if entry.kind is Kind.CUSTOMER]
    assert sorted(spoken) == sorted(customer.written), "the journal tells another story"
    assert [text for text in spoken if text[-1] != "x"] == heard(conversation), "order"
    assert [e.text for e in journal if e.kind is Kind.BOT and _toys(e.text)] == said(conversation)
    _sends(world, customer, conversation, journal, weather)
    _timers(conversation, weather)
    letters = [e for e in _dead(world) if e[b"c"] == key.encode() and e[b"k"] == b"event"]
    assert len(letters) == len(broken), "dead letters"
    assert version(world, key) <= conversation.turns
    _seen(world, key, conversation)
    assert world.server.one("PTTL", keys.name_key("chat", key)) == -1


def _seen(world: World, key: str, conversation: Conversation) -> None:
    """What was taken is remembered, but neither too much of it nor for ever."""
    seen = keys.name_key("seen", key)
    assert 0 < world.server.one("PTTL", seen) <= OLDEST, "remembered for ever"
    known = world.server.one("ZCARD", seen)
    assert known <= MOST_SEEN, "too much is remembered"
    assert world.server.one("ZSCORE", seen, "before0") is None, "remembered too long"
    if not world.server.one("ZSCORE", seen, f"before{MOST_SEEN}"):
        assert known == conversation.turns, "not remembered"


def _sends(
    world: World,
    customer: "Customer",
    conversation: Conversation,
    journal: list[Any],
    weather: Weather,
) -> None:
    """Everything said was received, in order; repeats stand together and are marked."""
    received = [text for text in world.sent[customer.chat.id] if _toys(text)]
    once = list(dict.fromkeys(received))
    positions = [text for i, text in enumerate(received) if received.index(text) == i]
    assert once == positions
    notes = Counter(entry.text for entry in journal if entry.kind is Kind.NOTE)
    expected = said(conversation)
    missing = [text for text in expected if text not in once]
    refused = [text for text in missing if text in world.refused]
    overtaken = [text for text in missing if " ask " in text and text not in refused]
    assert len(overtaken) <= notes["No se envió: la reemplazó una pregunta más nueva"]
    assert sorted(overtaken + refused) == sorted(missing), f"never sent: {missing}"
    in_order = [text for text in once if text not in world.refused]
    assert in_order == [text for text in expected if text in in_order], "out of order"
    repeats = {text for text, count in Counter(received).items() if count > 1}
    marked = notes["Envío repetido: el anterior quedó en duda"] + len(world.refused)
    marked += notes["No se envió: la reemplazó una pregunta más nueva"]
    assert len(repeats) <= marked, "repeated without a mark"
    if not (weather.crash or weather.pause or weather.lost or world.counts["stop"]):
        assert not notes["Envío repetido: el anterior quedó en duda"], "marked without a doubt"
    assert all(count <= 1 for count in world.written.values()), "updated twice"


def _timers(conversation: Conversation, weather: Weather) -> None:
    """The last timer set has fired once, and on time."""
    ticks = [text.split(" ") for text in said(conversation) if " tick " in text]
    assert len({generation for _, _, generation, _ in ticks}) == len(ticks), "fired twice"
    asked = [text for text in said(conversation) if " set " in text]
    if asked:
        last = asked[-1].split(" ")[0]
        assert [generation for _, _, generation, _ in ticks][-1:] == [last], "never fired"
    if weather.calm:
        assert all(int(late) <= _PROMPT * 1000 for *_, late in ticks), "fired late"
    assert all(int(late) >= 0 for *_, late in ticks), "fired early"
    assert conversation.timer is None
    assert DELAY


def _totals(world: World, customers: "list[Customer]") -> None:
    counted: Counter[str] = Counter()
    for shard in keys.ALL:
        fields = iter(world.server.one("HGETALL", shard.key("stats")))
        counted.update(
            {name.decode(): int(count) for name, count in zip(fields, fields, strict=True)}
        )
    records = [record(world, KEYRING.digest(str(customer.chat))) for customer in customers]
    assert counted["turns"] == sum(conversation.turns for conversation in records)
    effects = sum(
        int(world.server.one("HGET", keys.name_key("chat", key), "oseq"))
        for key in _keys(customers)
    )
    assert counted["sent"] + counted["dead"] == effects, "effects counted"
    assert counted["dead"] == sum(letter[b"k"] == b"effect" for letter in _dead(world))


def _house(world: World, customers: "list[Customer]") -> None:
    """Nothing is left over, nothing is missing from the lists."""
    for shard in keys.ALL:
        assert world.server.one("HLEN", shard.key("oown")) == 0, "an owner or a mark is left"
        assert world.server.one("LLEN", shard.key("bell")) <= 64
    for key in _keys(customers):
        shard = keys.shard_of(key)
        active = world.server.one("ZSCORE", shard.key("idle"), key)
        last = max(entry.at for entry in _journal(world, key) if entry.kind is not Kind.NOTE)
        assert active is not None
        assert float(active) >= last, "idle too early"
        waits = world.server.one("ZSCORE", shard.key("pending"), key)
        since = record(world, key).pending
        assert (waits and float(waits)) == since, "people are told the wrong thing"
        _filed(world, shard, key)
        told = [fields for _, fields in world.server.one("XRANGE", shard.key("feed"), "-", "+")]
        assert [b"c", key.encode()] in told, "the pages were not told"


def _filed(world: World, shard: keys.Shard, key: str) -> None:
    """The chat stands in the views that its record tells, and in no other; its row is its own."""
    filing, conversation = Filing(KEYRING), record(world, key)
    names = world.server.one("KEYS", shard.key("view:*"))
    places = [(name, world.server.one("ZSCORE", name, key)) for name in names]
    found = {name.decode(): int(float(place)) for name, place in places if place is not None}
    told = {shard.key(f"view:{view}"): place for view, place in filing.list_views(conversation)}
    assert found == told, "filed in the wrong views"
    finds = filing.renew_digests(None, conversation)
    written = world.server.one("HGET", shard.key(f"chat:{key}"), "f") or b"-"  # none: by nothing
    assert written == finds.encode(), "digests"
    expected = {(digest[:START], digest[START:]) for digest in finds.split() if digest != "-"}
    assert _find(world, shard, key) == expected, "found by something else"
    row = filing.open_row(key, world.server.one("HGET", shard.key(f"chat:{key}"), "row"))
    assert row == summarize(conversation), "another row"
    words = filing.open_words(key, world.server.one("HGET", shard.key(f"chat:{key}"), "said"))
    said_last = [e for e in _journal(world, key) if e.kind is Kind.CUSTOMER][-1]
    assert words is not None
    assert (words.at, words.text) == (said_last.at, said_last.text), "other words"


def _find(world: World, shard: keys.Shard, key: str) -> set[tuple[str, str]]:
    """Give the beginning and the rest of each digest by which a chat is found."""
    return {
        (name.decode().rpartition(":")[2], entry.decode().partition("|")[0])
        for name in world.server.one("KEYS", shard.key("find:*"))
        for entry in world.server.one("ZRANGE", name, 0, -1)
        if entry.endswith(f"|{key}".encode())
    }


def _prompt(world: World, customer: "Customer", weather: Weather) -> None:
    """Nothing that could be sent at once waited for a worker's nap, or for a lease's end."""
    if any(text[-1] == "u" for text in customer.written):
        updates = [text for text in said(record(world, _key(customer))) if " update " in text]
        ends = [text.rpartition(" ")[2] for text in updates]
        expected = ["updated"] * _FREE + ["stayed"] * len(ends)  # beyond them people decide
        assert ends == expected[: len(ends)], f"not updated: {ends}"
        return  # what is said after a slow update waits for it
    spoken = [e for e in _journal(world, _key(customer)) if e.kind is Kind.BOT]
    before, spacing = -1.0, 0.5 if weather.pace else 0.0
    overtaken = sum(entry.text not in world.sent[customer.chat.id] for entry in spoken)
    patience = _PROMPT + spacing * overtaken  # a place at a gate that nobody took
    for entry in spoken:
        at = world.sent_at.get((customer.chat.id, entry.text))
        if at is not None and not (weather.pace and weather.pace.account):
            late = at - max((entry.at - EPOCH) / 1000, before + spacing)
            assert late <= patience, f"answered {late:.2f} s late"
            assert at >= before + spacing - 0.05, "sent too soon after the one before"
            before = at


def _paced(world: World, pace: SendingRate) -> None:
    """No two seconds saw more messages than the channel allows."""
    times = sorted(world.sent_at.values())
    for i, begun in enumerate(times):
        within = sum(1 for at in times[i:] if at < begun + 2)
        assert pace.account is None or within <= 2 + 6 + 1, f"{within} messages in two seconds"


def erased(world: World, key: str) -> None:
    """Nothing but bare numbers is left of a chat."""
    shard = keys.shard_of(key)
    fields = world.server.one("HKEYS", shard.key(f"chat:{key}"))
    assert sorted(fields) == [b"oseq", b"v"]
    assert world.server.one("PTTL", shard.key(f"chat:{key}")) > 0
    for name in (f"log:{key}", f"out:{key}"):
        assert not world.server.one("EXISTS", shard.key(name)), name
    views = [name.decode() for name in world.server.one("KEYS", shard.key("view:*"))]
    lists = [shard.key(name) for name in ("odue", "timers", "idle", "pending")]
    for name in lists + views:
        assert world.server.one("ZSCORE", name, key) is None, name
    assert not _find(world, shard, key), "an erased chat is found"


def begun_anew(world: World, customer: "Customer") -> None:
    """A chat that was erased and writes again is remembered like any other."""
    assert heard(record(world, _key(customer))) == ["7s"]
    assert world.server.one("PTTL", keys.name_key("chat", _key(customer))) == -1, "forgotten soon"


def not_erased(world: World, key: str) -> None:
    """Nothing is gone."""
    assert world.server.one("HGET", keys.name_key("chat", key), "st")
    assert world.server.one("EXISTS", keys.name_key("log", key))


def version(world: World, key: str) -> int:
    """Tell how often a chat was committed."""
    return int(world.server.one("HGET", keys.name_key("chat", key), "v") or 0)


def record(world: World, key: str) -> Conversation:
    """Open a chat's record."""
    number, sealed = world.server.one("HMGET", keys.name_key("chat", key), "v", "st")
    assert sealed is not None, "no record"
    return codec.conversation(KEYRING.open(sealed, place=f"record:{key}:{int(number)}"))


def _keys(customers: "list[Customer]") -> list[str]:
    return [_key(customer) for customer in customers]


def _key(customer: "Customer") -> str:
    return KEYRING.digest(str(customer.chat))


def _journal(world: World, key: str) -> list[Any]:
    lines = world.server.one("XRANGE", keys.name_key("log", key), "-", "+")
    return [codec.entry(KEYRING.open(fields[1], place=f"log:{key}")) for _, fields in lines]


def _dead(world: World) -> list[dict[bytes, bytes]]:
    lines = [
        line
        for shard in keys.ALL
        for line in world.server.one("XRANGE", shard.key("dead"), "-", "+")
    ]
    return [dict(zip(fields[::2], fields[1::2], strict=True)) for _, fields in lines]


def _toys(text: str) -> bool:
    return text[:1].isdecimal()
