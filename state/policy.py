"""Who may change what: the decision between confirming a summary and writing it."""

from enum import StrEnum

from state.client import Changes, Client


class Decision(StrEnum):
    """What happens to a confirmed request."""

    AUTOMATIC = "automatic"
    APPROVAL = "approval"


def decide(client: Client, changes: Changes) -> Decision:
    """Decide on changes to a client.

    A chat fills in what is missing and adds a phone before the others; an identity number that
    stands on file is replaced by people only: nobody overwrites a stranger's data.
    """
    replaces = changes.document is not None and client.document.strip() != ""
    return Decision.APPROVAL if replaces else Decision.AUTOMATIC
