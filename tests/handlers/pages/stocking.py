"""Chats and lines put into a running demonstration, as turns commit them, but many at once."""

from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

from redis.asyncio import Redis

from bot.bootstrap import clock
from bot.secret_kinds import decode_key
from state.conversation import Chat, Conversation
from state.journal import Entry, Kind
from state.parts import QUEUE, Account, Attention, Identity, Pace, PendingChange, member
from state.records import Request
from state.states import State
from state.store import keys
from state.store.conversations import Change
from state.store.encryption import Keyring
from state.store.store import Store
from tests.bot.demo_process import Demo
from tests.clients import make_changes, make_client

MINUTE = 60_000  # ms


@asynccontextmanager
async def open_store(house: Demo) -> AsyncIterator[tuple[Store, Redis]]:
    """Open what a demonstration stores, beside it."""
    key = decode_key((house.directory / "secret.key").read_text("ascii"))
    async with Redis(unix_socket_path=str(house.directory / "redis.sock")) as redis:
        yield Store(redis, Keyring((key,)), token="stocking"), redis  # of a lease


async def commit(store: Store, chat: Conversation, entries: Sequence[Entry] = ()) -> str:
    """Store a new chat with its lines, and give its key."""
    at = chat.account.pace.heard_at
    change = Change(
        conversation=chat, version=0, deliveries=(), effects=(), entries=entries, now=at
    )
    await store.conversations.commit(change)
    return store.key(chat.chat)


def make_waiting(number: int, *, minutes: int, channel: str = "simulator") -> Conversation:
    """Make a chat whose customer has waited for a person for so long."""
    at = clock() - minutes * MINUTE
    return Conversation(
        chat=Chat(channel=channel, account="telegram", id=f"stock-{number}"),
        speaker=QUEUE,
        account=Account(pace=Pace(heard_at=at), attention=Attention(waiting_since=at)),
    )


async def append(store: Store, redis: Redis, key: str, entries: Iterable[Entry]) -> None:
    """Append lines to a chat's journal, under ids that grow with them."""
    name = keys.name_key("log", key)
    async with redis.pipeline(transaction=False) as pipe:
        for number, entry in enumerate(entries, 1):
            pipe.xadd(name, {"e": store.journal.seal(key, entry)}, id=f"{entry.at}-{number}")
        await pipe.execute()


def talk(count: int, *, minutes: int = 1) -> list[Entry]:
    """Make a talk of so many lines up to now: the customer, the bot, and a member of staff."""
    first = clock() - count * minutes * MINUTE
    kinds = (Kind.CUSTOMER, Kind.BOT, Kind.CUSTOMER, Kind.STAFF)
    told = Entry(kind=Kind.NOTE, at=first, text="")
    return [
        replace(
            told,
            kind=(kind := kinds[number % 4]),
            at=first + number * minutes * MINUTE,
            text=f"línea {number + 1} de {count}",
            author="ana" if kind is Kind.STAFF else "",
            answers="-" if kind is Kind.CUSTOMER else "",
        )
        for number in range(count)
    ]


def make_asking(number: int) -> Conversation:
    """Make a chat with a change that people must decide."""
    chat, client = make_waiting(number, minutes=20), make_client(number, name="Luis Peña")
    asked = Request(
        code="ABCD2345",
        at=chat.account.pace.heard_at,
        reasons=("el documento ya tenía otro valor",),
        changes=make_changes(client, document="79654321"),
    )
    return replace(
        chat,
        state=State.REVIEW,
        identity=Identity(client=client),
        change=PendingChange(reference=asked.code, request=asked),
    )


def make_held(number: int, name: str) -> Conversation:
    """Make a chat that a member of staff has, and whose customer waits for nothing."""
    chat = make_waiting(number, minutes=2)
    return replace(chat, speaker=member(name), account=Account(pace=chat.account.pace))
