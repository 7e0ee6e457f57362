"""What stands on a message: its progress, or why it did not arrive and what to do."""

import pytest
from redis.asyncio import Redis

from bot.channels.whatsapp import send
from bot.sandbox.server import Sandbox
from handlers.pages.ticks import ShownMark, fold_notes, list_marked, show_marks
from state.events import Said
from state.failures import OBSOLETE, Unsent
from state.journal import Entry, Kind
from state.messages.failures import FAILURES, find_failure
from state.staff_actions import Replied, TakenOver
from state.store.marks import Mark, Progress
from tests.bot.channels.stages import WhatsApp, WhatsAppStage, whatsapp_stage


async def _read(stage: WhatsAppStage) -> list[tuple[Entry, ShownMark | None]]:
    """Read the log as the page shows it."""
    key = stage.store.key(stage.chat)
    entries = await stage.store.journal.read(key)
    found = await stage.store.marks.read(key, list_marked(entries, now=stage.clock()))
    marks = show_marks(found, "whatsapp")
    return [(entry, marks.get(entry.seq)) for entry in fold_notes(entries, marks)]


async def test_ticks(redis: Redis, sandbox: Sandbox) -> None:
    """Each message of ours, the bot's or a person's, says how far it came; no other line does."""
    async with whatsapp_stage(redis, sandbox) as stage:
        await stage.happen(Said(text="hola"))
        await stage.happen(TakenOver(agent="ana"))
        await stage.happen(Replied(agent="ana", text="Buenos días"))

        shown = await _read(stage)

        assert [entry.text for entry, _ in shown][-1] == "Buenos días"
        for entry, mark in shown:
            ours = entry.kind in (Kind.BOT, Kind.STAFF)
            assert (mark is not None and mark.sign in ("✓", "✓✓")) == ours


async def test_failure_stands_on_the_message(redis: Redis, sandbox: Sandbox) -> None:
    """A message that WhatsApp took and could not deliver says so itself, not a note below it."""
    async with whatsapp_stage(redis, sandbox) as stage:
        await stage.happen(Said(text="hola"))
        await stage.happen(TakenOver(agent="ana"))
        stage.api.customers.clear()  # the number is on WhatsApp no more
        stage.channel._shows = lambda _: True
        await stage.happen(Replied(agent="ana", text="Buenos días"))

        *_, (entry, mark) = await _read(stage)

        assert (entry.kind, entry.text) == (Kind.STAFF, "Buenos días")
        assert mark is not None
        assert mark.words == "No se entregó: el número no tiene WhatsApp, o no puede recibirlo"
        assert mark.retry == entry.seq
        assert not any("131026" in entry.text for entry, _ in await _read(stage))
        assert len(stage.api.shown[WhatsApp.user_id]) == 2


def test_old_lines_have_none() -> None:
    """A line of before, or one whose receipts are gone, shows no mark; its note stays."""
    lines = [
        Entry(kind=Kind.BOT, at=1_000_000_000, text="Hola", seq=3),
        Entry(kind=Kind.NOTE, at=1_000_000_000, text="código 131026", seq=3),
        Entry(kind=Kind.STAFF, at=1_000_000_000, text="Hola"),
    ]

    assert list_marked(lines, now=1_000_000_001) == [3]
    assert list_marked(lines, now=1_000_000_000 + 8 * 24 * 3600_000) == []
    assert fold_notes(lines, {}) == lines


@pytest.mark.parametrize("mark", list(Unsent))
def test_own_causes(mark: Unsent) -> None:
    """What is only overtaken is no failure, and is not offered to be sent again."""
    shown = show_marks({1: Mark(progress=Progress.FAILED, cause=mark)}, "telegram")[1]

    assert bool(shown.retry) == (mark not in OBSOLETE)
    assert shown.words.startswith("No se en")


def test_sent_again() -> None:
    """What was sent again offers it no more."""
    mark = Mark(progress=Progress.FAILED, cause="131026", retried=True)

    shown = show_marks({1: mark}, "whatsapp")[1]

    assert (shown.retry, shown.remedy) == (0, "Se volvió a enviar.")


def test_every_known_code_has_its_words() -> None:
    """Every code that the channel sorts by has a cause in Spanish; a new one is told as it is."""
    known = {send._CLOSED, send._BUSY_CHAT}
    known |= send._BUSY_NUMBER | send._PASSING | send._ACCOUNT | send._GONE

    assert {str(code) for code in known} <= FAILURES["whatsapp"].keys()
    assert {"400", "403"} == FAILURES["telegram"].keys()
    assert "139999" in find_failure("whatsapp", "139999").cause
    assert find_failure("simulator", "length of the text").cause == "el canal no acepta el mensaje"
    assert find_failure("whatsapp", "").cause == "el canal no dice por qué"
