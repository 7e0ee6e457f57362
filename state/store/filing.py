"""Filing: what the lists know of a chat: its views, its row, the customer's last words, the search.

Row and words are sealed for the chat; a view's key says only which chats stand in it, and what it
is found by lies there as digests. All of it
can be made anew from the record and the journal, so none of it is ever asked what is true.
"""

from collections.abc import Sequence
from dataclasses import replace

import msgspec

from state.conversation import Conversation
from state.journal import Entry, Kind
from state.search import is_found_alike, list_terms
from state.store import codec
from state.store.encryption import Keyring, Unsealable
from state.store.members import name_member
from state.store.search import digest_terms, write_digests
from state.views import Row, View, find_views, summarize

_LONGEST = 160  # characters of the customer's words; twice what a list shows
ELSEWHERE = {View.DECIDING: "pending", View.ALL: "idle"}
"""Views that are older than the others; their keys are called otherwise, and always written."""


class Filing:
    """What prepares and reads what the lists know."""

    def __init__(self, keyring: Keyring) -> None:
        """Use these keys."""
        self._keyring = keyring

    def list_views(self, conversation: Conversation) -> list[tuple[str, int]]:
        """Name the views in which a chat stands by its record, and its place (ms) in each."""
        return [
            (self._name(view, conversation.speaker.name), place)
            for view, place in find_views(conversation).items()
            if view not in ELSEWHERE
        ]

    def name_key(self, view: View, member: str) -> str:
        """Name the key of a view within a shard; `member` is the digest of whose list it is."""
        return ELSEWHERE.get(view) or f"view:{name_list(view, member)}"

    def renew_row(self, key: str, before: Conversation | None, after: Conversation) -> bytes:
        """Seal a chat's row; nothing if it is as it was."""
        row = summarize(after)
        if before is not None and before.turns and summarize(before) == row:
            return b""
        return self._keyring.seal(codec.encode_row(row), place=place_of_row(key))

    def renew_digests(self, before: Conversation | None, after: Conversation) -> str:
        """Write by what a chat is found; nothing if that is as it was."""
        if before is not None and before.turns and is_found_alike(before, after):
            return ""
        return write_digests(digest_terms(self._keyring, list_terms(after)))

    def seal_words(self, key: str, entries: Sequence[Entry]) -> bytes:
        """Seal what the customer said last, shortened between words; nothing if nothing was."""
        said = next((one for one in reversed(entries) if one.kind is Kind.CUSTOMER), None)
        if said is None:
            return b""
        shortened = replace(said, text=_shorten(said.text), buttons=(), id="")
        return self._keyring.seal(codec.encode(shortened), place=place_of_words(key))

    def open_row(self, key: str, sealed: bytes | None) -> Row | None:
        """Open a chat's row; None if there is none, or it does not open."""
        if sealed is None:
            return None
        try:
            return codec.row(self._keyring.open(sealed, place=place_of_row(key)))
        except (Unsealable, msgspec.MsgspecError):
            return None

    def open_words(self, key: str, sealed: bytes | None) -> Entry | None:
        """Open what the customer said last; None if there is nothing, or it does not open."""
        if sealed is None:
            return None
        try:
            return codec.entry(self._keyring.open(sealed, place=place_of_words(key)))
        except (Unsealable, msgspec.MsgspecError):
            return None

    def _name(self, view: View, holder: str) -> str:
        return name_list(view, name_member(self._keyring, holder) if view is View.MINE else "")


def place_of_row(key: str) -> str:
    """Name the place of a chat's row."""
    return f"row:{key}"


def place_of_words(key: str) -> str:
    """Name the place of what the customer said last in a chat."""
    return f"said:{key}"


def name_list(view: View, member: str) -> str:
    """Name a list; `member` is the digest of whose it is."""
    return f"{view}:{member}" if view is View.MINE else view.value


def read_lists(written: bytes | None) -> dict[str, int]:
    """Read in which lists a chat stands by its record, and its place (ms) in each."""
    words = (written or b"").decode().split()
    return {name: int(place) for name, place in zip(words[::2], words[1::2], strict=True)}


def _shorten(text: str) -> str:
    """Cut a text between words: half a number would not be known as one, and not be masked."""
    words = " ".join(text.split())
    return words if len(words) <= _LONGEST else words[: _LONGEST + 1].rpartition(" ")[0]
