"""What the answers change of what stands on file."""

from state.client import UNKNOWN, Change, Client
from state.conversation import Conversation
from state.fields.table import Field
from state.parts import KEPT


def list_changes(conversation: Conversation) -> tuple[Change, ...]:
    """Tell what the answers would change in the directory."""
    return tuple(change for change in list_wanted(conversation) if change.is_real)


def list_visible_changes(conversation: Conversation) -> tuple[Change, ...]:
    """Tell what the customer may read of that: nobody learns here what is there already."""
    wanted = _list_against(conversation, conversation.known_client)
    return tuple(change for change in wanted if change.is_real)


def list_wanted(conversation: Conversation) -> tuple[Change, ...]:
    """Tell what shall stand there in the end, whether it stands there now or not."""
    return _list_against(conversation, conversation.identity.client or UNKNOWN)


def _list_against(conversation: Conversation, client: Client) -> tuple[Change, ...]:
    draft = conversation.draft
    return tuple(
        Change(
            field=field,
            new=draft.answers[field],
            old=client.of(field),
            replaces=field in draft.replacing,
        )
        for field in Field
        if draft.answers.get(field, KEPT) != KEPT
    )
