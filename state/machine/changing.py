"""What the answers change of what stands on file."""

from state.client import UNKNOWN, Changes
from state.conversation import Conversation
from state.fields import phones
from state.parts import KEPT


def changes(conversation: Conversation) -> Changes:
    """Tell what the answers would change at WispHub."""
    client = conversation.identity.client or UNKNOWN
    document, phone = conversation.draft.document, conversation.draft.phone
    new_document = document not in ("", KEPT) and not _same_document(document, client.document)
    on_file = phones.listed(client.phone)
    there = on_file == (phone,) if conversation.draft.replacing else phone in on_file
    new_phone = phone not in ("", KEPT) and not there
    return Changes(document=document if new_document else None, phone=phone if new_phone else None)


def wanted(conversation: Conversation) -> Changes:
    """Tell what shall stand at WispHub in the end, whether it stands there now or not."""
    document, phone = conversation.draft.document, conversation.draft.phone
    return Changes(
        document=document if document not in ("", KEPT) else None,
        phone=phone if phone not in ("", KEPT) else None,
    )


def _same_document(given: str, on_file: str) -> bool:
    return _significant(given) == _significant(on_file)


def _significant(document: str) -> str:
    return "".join(character for character in document.upper() if character.isalnum())
