"""What answers a question without asking it: nothing that is known is asked.

Below possession it never comes from the file, so that a stranger learns nothing by what is asked.
"""

from collections.abc import Callable

from state.conversation import Conversation
from state.fields.table import Field
from state.parts import KEPT

_BY_DOCUMENT = "document:"


def find_answer(conversation: Conversation, field: Field) -> str:
    """Find what answers a field; empty if it has to be asked.

    Whoever comes back to change the data of a linked service is asked for each of them.
    """
    given = conversation.draft.answers.get(field, "")
    if given or conversation.draft.correcting or _asks_everything(conversation):
        return "" if conversation.draft.correcting else given
    value = _FOUND[field](conversation)
    on_file = conversation.known_client.of(field).values
    return KEPT if on_file and value in ("", *on_file) else value


def _asks_everything(conversation: Conversation) -> bool:
    link, client = conversation.link, conversation.identity.client
    if link is None or client is None:
        return False
    return link.client.service_id == client.service_id


def _find_document(conversation: Conversation) -> str:
    """Give the document by which the customer had the service found."""
    clue = conversation.lookup.clue
    return clue.removeprefix(_BY_DOCUMENT) if clue.startswith(_BY_DOCUMENT) else ""


_FOUND: dict[Field, Callable[[Conversation], str]] = {
    Field.DOCUMENT: _find_document,
    Field.PHONE: lambda talk: talk.account.person.own_phone,
}
assert _FOUND.keys() == set(Field)
