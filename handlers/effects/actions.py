"""An action: what a conversation wants done, besides messages.

Its outcome comes back as an event, where the chat waits for one; some leave a line in the journal.
Each may be performed twice and counts once.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from handlers.effects.guard import Guard, list_changed
from handlers.effects.links import Links, is_possessed
from handlers.effects.notifier import Notifier
from handlers.errors import CodeRefused, DirectoryUnavailable, UnknownService
from handlers.inquiries import ask_directory
from handlers.ports import CodeSender, Directory, Leases
from handlers.use_cases import FAILED, contents, find_client, perform_update, search_clients
from state.effects import (
    Action,
    Attest,
    CountFailure,
    EraseJournal,
    FindClient,
    Inquire,
    Link,
    RecordConsent,
    RedeemInvitation,
    Search,
    SendCode,
    SetLock,
    TakeCall,
    TellFormer,
    Unlink,
    UpdateClient,
    Warn,
)
from state.events import (
    Barred,
    ClientFound,
    ClientMissing,
    ClientsFound,
    CodeUnsent,
    Crowded,
    EffectResult,
    LookupFailed,
    Outcome,
    Updated,
)
from state.fields.table import Field
from state.inquiry import Inquired
from state.messages.staff import Note
from state.store.consents import Consents
from state.store.invitations import Invitations, NoSuchInvitation
from state.store.journal import Journal
from state.store.outbox import Head

_NOBODYS = 999_999_999
"""The number of no service: numbers have nine digits at most, and are given in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Actions:
    """Performs actions: in the directory of clients, at phones, in what is kept."""

    clients: Directory
    leases: Leases
    invitations: Invitations
    guard: Guard
    links: Links
    codes: CodeSender
    consents: Consents
    journal: Journal
    notifier: Notifier
    calls: Callable[[str, bytes], Awaitable[None]]
    consent_years: int

    async def perform(self, head: Head, action: Action) -> EffectResult | str | None:
        """Perform an action: the event that comes back, a line for the journal, or neither."""
        match action:
            case FindClient(service_id=service_id):
                return await self._find(service_id, action.lookup)
            case RedeemInvitation():
                return await self._redeem(head, action)
            case Search():
                return await self._search(head, action)
            case Inquire():
                return await self._inquire(head, action)
            case UpdateClient():
                return await self._update(head, action)
            case SendCode():
                return await self._send_code(head, action)
            case Link():
                return await self._link(head, action)
            case CountFailure(service_id=service_id):
                return Note.LOCKED if await self.guard.count_failure(head, service_id) else None
            case SetLock(service_id=service_id, locked=locked):
                await self.guard.set_lock(service_id, locked=locked)
            case RecordConsent():
                await self.consents.record(head.key, action, years=self.consent_years)
            case Unlink(service_id=service_id):
                await self.guard.service_history.note_unlink(service_id, head.key)
            case Warn():
                await self.notifier.warn(head, action)
            case Attest():
                await self.notifier.attest(head, action)
            case TellFormer():
                await self.notifier.tell_former(head, action)
            case EraseJournal(refused=refused):
                await self.journal.erase(head.key)
                return Note.ERASED_AT_REFUSAL if refused else Note.ERASED
            case TakeCall(channel=channel, body=body):
                await self.calls(channel, body)
        return None

    async def _find(self, service_id: int, lookup: int) -> EffectResult:
        try:
            client = await find_client(self.clients, service_id)
        except UnknownService:
            return ClientMissing(lookup=lookup)
        except DirectoryUnavailable:
            return LookupFailed(lookup=lookup)
        return ClientFound(client=client, lookup=lookup)

    async def _redeem(self, head: Head, action: RedeemInvitation) -> EffectResult:
        """Redeem an invitation, if the guard allows it.

        For a wrong code the directory is asked too: a right one takes no longer, and fails no
        other way.
        """
        if await self.guard.blocks_invitation(head, action.code):
            return Barred(lookup=action.lookup)
        try:
            redeemed = await self.invitations.redeem(action.code, by=str(head.chat))
        except NoSuchInvitation:
            await self.guard.count_wrong_invitation(head, action.code)
            found = await self._find(_NOBODYS, action.lookup)
            return found if isinstance(found, LookupFailed) else ClientMissing(lookup=action.lookup)
        found = await self._find(redeemed.service_id, action.lookup)
        if not isinstance(found, ClientFound):
            return found
        alarmed = await self.guard.doubts_invitations()
        return replace(found, in_person=redeemed.in_person, alarmed=alarmed)

    async def _search(self, head: Head, action: Search) -> EffectResult:
        """Search if the guard allows it.

        A lock bars who only knows: such a service is not found. Who has the phone goes on, to
        people.
        """
        try:
            if await self.guard.blocks_search(head, action.clue):
                return Barred(lookup=action.lookup)
            clients = await search_clients(self.clients, action.clue)
        except DirectoryUnavailable:
            await self.guard.give_search_back(head)
            return LookupFailed(lookup=action.lookup)
        free = await self.guard.without_locked(clients)
        possesses = action.clue.startswith("phone:")
        locked = possesses and len(free) < len(clients)
        return ClientsFound(
            clients=tuple(clients) if possesses else free,
            lookup=action.lookup,
            alarmed=locked or await self.guard.under_attack(),
        )

    async def _inquire(self, head: Head, action: Inquire) -> EffectResult:
        """Ask about the linked service, for its holder only, and not too often.

        Nothing is told of a service whose holder said that somebody else is at it.
        """
        link = head.conversation.link
        untold = Inquired(inquiry=action.inquiry, service_id=action.service_id, turn=action.turn)
        linked = link is not None and link.client.service_id == action.service_id
        if link is None or not linked or not is_possessed(head, action.service_id):
            return untold
        if await self.guard.blocks_inquiry(head):
            return replace(untold, barred=True)
        if await self.guard.is_disowned(action.service_id):
            return untold
        return await ask_directory(self.clients, untold, known=link.client)

    async def _update(self, head: Head, action: UpdateClient) -> EffectResult:
        """Update unless staff must decide; record the change before reporting it."""
        objection = await self.guard.find_objection(head, action)
        repeated = False
        if objection is not None:
            try:
                repeated = await self._stands(action)
            except DirectoryUnavailable:
                return Updated(outcome=Outcome.FAILED, message=FAILED)
        if repeated:  # perhaps our own write, whose report was lost
            objection = await self.guard.find_objection(head, action, repeated=True)
        if objection is not None:
            return Updated(outcome=Outcome.STAYED, message=FAILED, stay=objection)
        updated = await perform_update(self.clients, self.leases, action)
        if updated.outcome is Outcome.UPDATED:
            changed = () if repeated else list_changed(action)
            await self._note_link(head, action.service_id, changed)
        elif updated.outcome is Outcome.TAKEN and not action.approved:
            await self.guard.note_taken(head, action)
        return updated

    async def _stands(self, action: UpdateClient) -> bool:
        """Tell whether everything stands on file already, so that nothing would be written."""
        try:
            client = await find_client(self.clients, action.service_id)
        except UnknownService:
            return False
        return not contents(action, client)

    async def _send_code(self, head: Head, action: SendCode) -> EffectResult | None:
        """Send a code unless the limit is reached, or let it be read out; report a failure.

        None goes to a number that two accounts have shown, whichever chat asks for it.
        """
        blocked = await self.guard.blocks_code(head, action.service_id)
        if blocked or await self.notifier.is_recycled(action.phone):
            return CodeUnsent(code=action.code)
        if action.read_out:
            return None
        try:
            await self.codes.send(action.phone, action.code)
        except CodeRefused:
            return CodeUnsent(code=action.code)
        return None

    async def _link(self, head: Head, action: Link) -> EffectResult | None:
        """Record the link unless a limit is reached."""
        objection = (
            None if action.vouched else await self.guard.find_link_limit(head, action.service_id)
        )
        if objection is not None:
            return Crowded(stay=objection)
        await self._note_link(head, action.service_id, ())
        return None

    async def _note_link(self, head: Head, service_id: int, changed: tuple[Field, ...]) -> None:
        """Record the link; the oldest chat that only knows gives its place to the holder."""
        displaced = await self.links.find_displaced(head, service_id)
        if displaced is not None:
            await self.notifier.displace(head, displaced, service_id)
            await self.links.displace(displaced, service_id)
        await self.links.note(head, service_id, changed)
