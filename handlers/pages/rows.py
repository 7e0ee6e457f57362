"""The rows of the inbox, as its lists show them."""

from dataclasses import dataclass

from handlers.pages.masking import mask_text
from state.fields import masks
from state.fields.redaction import redact
from state.journal import Entry
from state.messages import lists, staff
from state.messages.matters import MATTERS
from state.messages.staff import Card
from state.parts import SpeakerKind
from state.states import STATES, Section
from state.store.inbox import ListedChat
from state.views import Row, View

CHANNELS = {"telegram": "Telegram", "whatsapp": "WhatsApp", "simulator": "Simulador"}

_SOON, _LATE = 5, 15  # minutes after which a wait is told louder, and louder still
_MINUTE = 60_000  # ms
_APART = " · "
"""Between a name and its mark; no name holds it (`state.fields.profile_names`)."""
_SECTIONS = list(Section)


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """One chat in a list.

    Attributes:
        at: when the customer wrote last, ms, or 0.
        place: where it stands in the list, ms.
        waiting_since: since when the customer waits for a person, ms, or 0.
        waited: how long that is, in words, and how urgent: `""`, `soon` or `late`.
        problem: what is wrong, or `""`; `remedy` is what to do about it.
        matter: what the customer wrote about last, besides the answers, or `""`.
        stage: how far the dialog has come: the place of its section in the rail.
    """

    key: str
    title: str
    channel: str
    step: str
    speaker: str
    kind: str
    at: int
    excerpt: str
    place: int = 0
    waiting_since: int = 0
    waited: tuple[str, str] = ("", "")
    problem: str = ""
    remedy: str = ""
    matter: str = ""
    stage: int = 0

    @property
    def name(self) -> str:
        """The title without the mark."""
        return self.title.partition(_APART)[0]

    @property
    def mark(self) -> str:
        """What tells the chat from others of its name; `""` where the name does."""
        return self.title.partition(_APART)[2]


def show_row(listed: ListedChat, *, now: int) -> InboxRow:
    """Show a chat in any list; one whose row cannot be read says so."""
    row = listed.row
    at = listed.words.at if listed.words else 0
    if row is None:
        title = Card.CHAT.format(key=listed.key[:4].upper())
        return InboxRow(
            key=listed.key, title=title, channel=Card.BLANK, step=Card.UNREADABLE,
            speaker=Card.BLANK, kind=SpeakerKind.BOT, at=at, excerpt="", place=listed.place,
        )  # fmt: skip
    since = row.attention.waiting_since or listed.places.get(View.WAITING, 0)
    problem, remedy = _find_problem(row, now)
    return InboxRow(
        key=listed.key,
        title=show_title(listed.key, row.service, name=row.name, ending=row.ending),
        channel=CHANNELS.get(row.channel, row.channel or Card.BLANK),
        step=STATES[row.state].for_staff,
        speaker=staff.SPEAKERS.get(row.speaker, row.holder),
        kind=row.speaker.value,
        at=at,
        excerpt=_shorten(listed.words),
        place=listed.place,
        waiting_since=since,
        waited=show_wait(now - since) if since else ("", ""),
        problem=problem,
        remedy=remedy,
        matter="" if row.matter is None else MATTERS[row.matter],
        stage=_SECTIONS.index(STATES[row.state].section),
    )


def show_title(key: str, service: int, *, name: str = "", ending: str = "") -> str:
    """Name a chat: as its account calls itself, and by what tells it from others of that name.

    That is the service once it is known, else the end of its number, else a part of its key.
    """
    if name:
        mark = str(service) if service else masks.show_end(ending) or key[:2].upper()
        return f"{redact(name)}{_APART}{mark}"
    if service:
        return Card.SERVICE.format(service_id=service)
    return Card.CHAT.format(key=key[:4].upper())


def show_wait(waited: int) -> tuple[str, str]:
    """Tell how long somebody has waited, in minutes, hours or days, and how urgent that is."""
    minutes = max(0, waited) // _MINUTE
    urgency = "late" if minutes >= _LATE else "soon" if minutes >= _SOON else ""
    hours = minutes // 60
    words = f"{hours // 24} d" if hours >= 48 else f"{hours} h" if hours else f"{minutes} min"
    return words, urgency


def _find_problem(row: Row, now: int) -> tuple[str, str]:
    """Tell what is wrong with a chat, and what to do about it."""
    if row.attention.failed_at:
        return lists.FAILED
    if row.stuck is not None and row.stuck[1] <= now:
        return lists.STUCK[row.stuck[0]]
    return "", ""


def _shorten(words: Entry | None) -> str:
    return " ".join(mask_text(words).split())[:80] if words is not None else ""
