"""The rules with one part removed or changed: do the attackers notice?

Attackers that find nothing prove nothing until their mutants are scored. Each is one replacement.
"""

from state.policy import Decision, Situation
from state.proof import Level
from tests.attackers import people
from tests.attackers.customers import Change, Compare, Inherit, UseForwarded
from tests.attackers.histories import History
from tests.attackers.mutation import InCode, InPolicy, InScript, Mutant
from tests.attackers.strangers import (
    Apply,
    Claim,
    Guess,
    LockOut,
    Occupy,
    PutBack,
    TryCodes,
)

_SAM, _SID = people.STRANGERS[:2]
_FILE, _NONE = people.DOCUMENTS[0], people.NOBODYS[0]
_CHANGE = Change("tg", phone="3187770000", approved=True)


def _guess(document: str, phone: str, then: str = "sí, guardar") -> History:
    return History((Guess(_SAM, "1001", document, phone, then),))


_AGAIN_AND_AGAIN = History((Claim(_SAM, "9999", people.FACTS),) * 4)

MUTANTS: dict[Mutant, History] = {
    InPolicy("a laxer cell", Situation.LINK, Level.KNOWLEDGE, Decision.AUTOMATIC): _guess(
        _FILE, people.PHONE
    ),
    InPolicy(
        "a laxer cell", Situation.DOCUMENT_REPLACED, Level.KNOWLEDGE, Decision.AUTOMATIC
    ): _guess(_NONE, people.PHONE),
    InPolicy(
        "a laxer cell", Situation.PHONE_ADDED_OTHER, Level.KNOWLEDGE, Decision.AUTOMATIC
    ): _guess(_FILE, "3009998877"),
    InCode(
        "a lock that bars possession",
        "handlers.effects.actions:Actions._search",
        "tuple(clients) if possesses else free",
        "free",
    ): History((LockOut(), Change("tg"))),
    InCode(
        "a lock that shows a second service",
        "handlers.effects.guard:_describe",
        "fold(client.name), fold(client.address)",
        'str(client.service_id), ""',
    ): History((LockOut(), Claim(_SAM, "", people.FACTS))),
    InCode(
        "a lock by who only knows",
        "state.machine.commands:disown",
        "conversation.possessed_services",
        "([conversation.identity.client.service_id] if conversation.identity.client else [])",
    ): _guess(_NONE, people.PHONE, "no fui yo"),
    InCode(
        "a slot that knowledge keeps",
        "handlers.effects.links:Links.find_displaced",
        "if not await self._is_holder(key, service_id, history):",
        "if False:",
    ): History((Occupy(_NONE), Change("tg"))),
    InCode(
        "a mask left out",
        "state.machine.filling:_service",
        "if not conversation.possesses:",
        "if False:",
    ): _guess(_NONE, people.PHONE, "mis datos"),
    InCode(
        "a warning to who only knows",
        "handlers.effects.links:Links.list_holders",
        "if await self._is_holder(key, service_id, history)",
        "if True",
    ): History((Apply(_SAM, _NONE, approved=True), _CHANGE)),
    InCode(
        "a count at the wrong time: after the search",
        "handlers.effects.actions:Actions._search",
        "return Barred(lookup=action.lookup)",
        "await search_clients(self.clients, action.clue); return Barred(lookup=action.lookup)",
    ): _AGAIN_AND_AGAIN,
    InCode(
        "a count at the wrong time: of documents that are written only",
        "handlers.effects.actions:Actions._update",
        "elif updated.outcome is Outcome.TAKEN and not action.approved:",
        "elif False:",
    ): History((Compare((_FILE, _NONE)),)),
    InScript(
        "a count that is not kept", "spend", "redis.call('ZADD', KEYS[1], now, id)\n", "\n"
    ): _AGAIN_AND_AGAIN,
    InCode(
        "a version left out of the seal",
        "state.store.records:_place",
        "record:{key}:{version}",
        "record:{key}",
    ): History((PutBack(_SAM),)),
    InCode(
        "an invitation that counts twice",
        "state.store.invitations:Invitations.redeem",
        "if await self._redis.get(owner) != redeemer.encode():",
        "if False:",
    ): History((UseForwarded(_SAM),)),
    InCode(
        "a code without budget",
        "handlers.effects.actions:Actions._redeem",
        "if await self.guard.blocks_invitation(head, action.code):",
        "if False:",
    ): History((TryCodes(_SAM, 6), TryCodes(_SAM, 6, first=6789))),
    InScript(
        "a number that proves in other hands",
        "meet",
        "if held and not mine then\n",
        "if false then\n",
    ): History((Inherit("estado"),)),
    InCode(
        "a code to a number in other hands",
        "handlers.effects.actions:Actions._send_code",
        "if blocked or await self.notifier.is_recycled(action.phone):",
        "if blocked:",
    ): History((Inherit("estado"), Claim(_SID, "1001", people.FACTS)), codes=True),
    InCode(
        "a comparison below A2: what is on file",
        "state.conversation:Conversation.known_client",
        "client is not None and self.possesses",
        "client is not None",
    ): _guess(_NONE, people.PHONE),
    InCode(
        "a comparison below A2: the summary",
        "state.machine.changes:list_visible_changes",
        "conversation.known_client",
        "conversation.identity.client or UNKNOWN",
    ): _guess(_FILE, people.PHONE),
    InCode(
        "a comparison below A2: a second service",
        "state.machine.identification:_choose",
        "len(clients) == 1 or not conversation.possesses",
        "len(clients) == 1",
    ): History((Claim(_SID, "", people.FACTS),)),
}
"""Each with the shortest history that notices it; drawn ones must notice it too."""
