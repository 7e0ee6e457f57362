"""An address of the inbox: which view, which page of it, what is left out, which chat is open.

Everything of it stands in the address, so that it can be shared, and gone back to.
"""

from dataclasses import dataclass, replace
from typing import Any, TypeVar
from urllib.parse import urlencode

from starlette.datastructures import QueryParams

from handlers.console.frame import HOME
from handlers.pages.rows import CHANNELS
from state.messages.lists import SPEAKER_KINDS, VIEWS
from state.parts import SpeakerKind
from state.states import Section
from state.store.inbox import Filters
from state.views import NEWEST_FIRST, View

Word = TypeVar("Word", View, Section, SpeakerKind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """What an address of the inbox asks for.

    Attributes:
        chat: the key of the chat that is open, or `""`.
        cursor: where the page begins, or `""` for the first one.
    """

    view: View = View.WAITING
    chat: str = ""
    cursor: str = ""
    filters: Filters = Filters()  # noqa: RUF009  # frozen

    @property
    def query(self) -> str:
        """Write it as the query of an address; what is as usual is left out."""
        filters = self.filters
        told = {
            "v": self.view.value,
            "canal": filters.channel,
            "paso": filters.section or "",
            "lleva": filters.speaker or "",
            "despues": self.cursor,
            "c": self.chat,
        }
        return urlencode({name: value for name, value in told.items() if value})

    @property
    def address(self) -> str:
        """Write it as an address."""
        return f"{HOME}?{self.query}"

    def open(self, key: str) -> "Listing":
        """Open a chat beside the same list; `""` for none."""
        return replace(self, chat=key)

    def turn(self, cursor: str) -> "Listing":
        """Turn to another page, with the same chat open."""
        return replace(self, cursor=cursor)


def read_listing(words: QueryParams, chat: str = "") -> Listing:
    """Read an address; what means nothing is as usual.

    An address of before names its chat in the path: it is shown among all.
    """
    return Listing(
        view=_read(View, words.get("v", "")) or (View.ALL if chat else View.WAITING),
        chat=chat or words.get("c", ""),
        cursor=words.get("despues", ""),
        filters=Filters(
            channel=channel if (channel := words.get("canal", "")) in CHANNELS else "",
            section=_read(Section, words.get("paso", "")),
            speaker=_read(SpeakerKind, words.get("lleva", "")),
        ),
    )


def show_listing(listing: Listing, counts: dict[View, int], cursor: str) -> dict[str, Any]:
    """Show where one is, and what else there is."""
    filters = listing.filters
    return {
        "views": [(view.value, VIEWS[view], counts[view], view is listing.view) for view in View],
        "counts": counts,
        "newest_first": listing.view in NEWEST_FIRST,
        "opens": f"{HOME}?{listing.open('').query}&c=",
        "turns": f"{HOME}?{listing.turn('').query}&despues=",
        "cursor": cursor,
        "view": listing.view.value,
        "view_name": VIEWS[listing.view],
        "query": listing.query,
        "back": listing.open("").address,
        "more": listing.turn(cursor).address if cursor else "",
        "first": listing.turn("").address if listing.cursor else "",
        "filtered": filters != Filters(),
        "choices": [
            ("canal", "Canal", CHANNELS, filters.channel),
            ("paso", "Paso", {one.value: one.value for one in Section}, filters.section or ""),
            ("lleva", "Lo lleva", SPEAKER_KINDS, filters.speaker or ""),
        ],
    }


def _read(kind: type[Word], word: str) -> Word | None:
    return kind(word) if word in list(kind) else None
