"""What a simulated phone's screen shows: messages, and what was changed or put on them since."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from state.store.simulator import Bubble


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownBubble:
    """A bubble as it stands on the screen now.

    Attributes:
        edited: its words are not the first ones any more.
        editable: it is the owner's last text.
        signs: what was put on it.
    """

    bubble: Bubble
    text: str
    edited: bool = False
    editable: bool = False
    signs: tuple[str, ...] = ()


def lay_out(bubbles: Sequence[Bubble]) -> list[ShownBubble]:
    """Lay a screen out: what changes a message stands in its place.

    Where the message is not there any more, what changes it stands for itself.
    """
    there = {bubble.id for bubble in bubbles} - {""}
    changes = [bubble for bubble in bubbles if bubble.about in there]
    standing = [bubble for bubble in bubbles if bubble.about not in there]
    texts = [bubble.id for bubble in standing if bubble.name]
    return [
        _show(
            bubble,
            [change for change in changes if change.about == bubble.id],
            editable=bubble.id in texts[-1:],
        )
        for bubble in standing
    ]


def _show(bubble: Bubble, changes: Sequence[Bubble], *, editable: bool) -> ShownBubble:
    latest = next((change for change in reversed(changes) if not change.reacts), bubble)
    return ShownBubble(
        bubble=replace(bubble, message=latest.message, shape=latest.shape),
        text=latest.text or latest.message.text,
        edited=bubble.mine and latest is not bubble,
        editable=editable,
        signs=tuple(dict.fromkeys(change.message.text for change in changes if change.reacts)),
    )
