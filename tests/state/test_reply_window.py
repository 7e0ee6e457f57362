"""WhatsApp's 24 hours, and the words of a template."""

import pytest

from handlers.pages.reply_window import show_window
from state.conversation import Chat, Conversation, replace
from state.parts import Account, Pace
from state.reply_window import LONGEST, fill, find_end, flatten, is_closed

_AT = 1_795_442_400_000
_HOUR = 3600_000


def _heard(at: int, channel: str = "whatsapp") -> Conversation:
    """A chat whose customer wrote last at that time."""
    chat = Chat(channel=channel, account="1", id="x")
    return replace(Conversation(chat=chat), account=Account(pace=Pace(heard_at=at)))


@pytest.mark.parametrize(
    ("passed", "left", "share"),
    [
        (0, "quedan 24 h", 100),
        (5 * _HOUR + 1, "quedan 18 h", 79),
        (LONGEST - 2 * _HOUR + 1, "queda 1 h", 8),
        (LONGEST - 25 * 60_000, "quedan 25 min", 1),
        (LONGEST - 1, "queda 1 min", 1),
        (LONGEST, "", 0),
        (10 * LONGEST, "", 0),
    ],
)
def test_left(passed: int, left: str, share: int) -> None:
    """How long is left is told in hours, at last in minutes; at the end it is over."""
    shown = show_window(_heard(_AT), now=_AT + passed)

    assert shown is not None
    assert (shown.left, shown.share, shown.until) == (left, share, _AT + LONGEST)
    assert is_closed(_heard(_AT), now=_AT + passed) == (not left)


def test_never_wrote() -> None:
    """To whom we wrote first anything may be written once they answer."""
    assert (find_end(_heard(0)), is_closed(_heard(0), now=_AT)) == (0, True)


@pytest.mark.parametrize("channel", ["telegram", "simulator"])
def test_other_channels(channel: str) -> None:
    """Elsewhere there is no such limit, and nothing is shown."""
    chat = _heard(0, channel)

    assert find_end(chat) is None
    assert show_window(chat, now=_AT) is None
    assert not is_closed(chat, now=_AT)


def test_words_of_a_template() -> None:
    """Words go into the variable on one line and without marks; the rest stays as approved."""
    assert flatten("  Hola\n*Ana*,\n\ttodo  bien ") == "Hola Ana, todo bien"
    assert fill("FibraNet: {{1}}\nGracias.", "a\nb") == "FibraNet: a b\nGracias."
