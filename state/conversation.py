"""The record of one conversation: all that the machine knows of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from state.client import UNKNOWN, Client
from state.fields.offers import Offer
from state.parts import (
    BOT,
    Account,
    Draft,
    Identity,
    Link,
    Lookup,
    PendingChange,
    Shown,
    Speaker,
)
from state.proof import Level, level
from state.records import UNSETTLED, Consent, Notice, SavedChange, Timer, Verification
from state.states import State


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """The address of a chat: which channel, which of our accounts there, whom.

    Attributes:
        channel: `telegram`, `whatsapp` or `simulator`.
        account: our bot's or number's id at the vendor.
        id: the customer's chat there, as the vendor names it.
    """

    channel: str
    account: str
    id: str

    def __str__(self) -> str:
        return f"{self.channel}:{self.account}:{self.id}"


@dataclass(frozen=True, kw_only=True)
class Conversation:
    """Everything remembered of one chat.

    Without slots, as its parts, so that `replace` may copy them at once.

    Attributes:
        turns: counts the steps taken; names timers and look-ups.
        speaker: who answers the customer.
        link: the service that the chat belongs to; none until a dialog ends well.
        change: what is decided or written now.
        last_change: the last change that was written through this chat, and what is known of it.
        verification: what was written, to be read again.
        notice: what the chat was told last of a change by another chat.
        timer: what happens by itself, and when.
    """

    chat: Chat
    state: State = State.START
    turns: int = 0
    account: Account = Account()  # noqa: RUF009  # frozen, as all parts
    shown: Shown = Shown()  # noqa: RUF009
    speaker: Speaker = BOT
    consent: Consent | None = None
    lookup: Lookup = Lookup()  # noqa: RUF009
    identity: Identity = Identity()  # noqa: RUF009
    link: Link | None = None
    draft: Draft = Draft()  # noqa: RUF009
    change: PendingChange = PendingChange()  # noqa: RUF009
    last_change: SavedChange | None = None
    verification: Verification | None = None
    notice: Notice | None = None
    timer: Timer | None = None

    @property
    def due(self) -> int | None:
        """When (ms) something shall happen by itself; none for never."""
        dues = [timer.due for timer in (self.timer, self.verification) if timer is not None]
        return min(dues, default=None)

    @property
    def pending(self) -> int | None:
        """When (ms) something came up that people must see to; none if there is nothing.

        A request to decide, or a change that was lost, may not stand, or was a stranger's.
        """
        if self.change.request is not None:
            return self.change.request.at
        saved = self.last_change
        if saved is not None and saved.standing in UNSETTLED:
            return saved.at
        return None

    @property
    def offers(self) -> tuple[Offer, ...]:
        """What the customer said before it was asked; its question takes it."""
        return self.draft.offered

    @property
    def possesses(self) -> bool:
        """Tell whether the customer proved more than to know things."""
        return level(self.identity.proofs) >= Level.POSSESSION

    @property
    def possessed_services(self) -> tuple[int, ...]:
        """Name the services whose holder the customer shows to be: by a proof, or by the link."""
        shown = [(self.identity.client, self.identity.proofs)]
        shown += [(self.link.client, self.link.proofs)] if self.link else []
        ids = [c.service_id for c, proofs in shown if c and level(proofs) >= Level.POSSESSION]
        return tuple(dict.fromkeys(ids))

    @property
    def known_client(self) -> Client:
        """Give the service as far as the customer may know of it: below possession, nothing.

        Whatever is said or asked looks here, so that the same is said whatever stands on file.
        """
        client = self.identity.client
        return client if client is not None and self.possesses else UNKNOWN


if TYPE_CHECKING:
    from dataclasses import replace as replace  # noqa: PLC0414  # mypy knows it by its name
else:
    Record = TypeVar("Record")

    def replace(record: Record, **changes: Any) -> Record:
        """Give a conversation, or a part of one, with these fields changed.

        `dataclasses.replace`, ten times faster: a step of the machine replaces several times,
        and every update takes a step.
        """
        changed = object.__new__(type(record))
        changed.__dict__.update(record.__dict__, **changes)
        return changed
