"""What an open list shows: a page of a view, kept up with the chats that come, move and leave.

Pure. Only what differs is told: which rows are to be put in their place, which to be removed.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from state.store.inbox import PAGE, Place


@dataclass(slots=True, kw_only=True)
class Moves:
    """What a list that is open has to do: rows to put in their place, rows to remove."""

    put: dict[str, int] = field(default_factory=dict)
    removed: set[str] = field(default_factory=set)

    @property
    def key(self) -> tuple[object, ...]:
        """Name it: equal moves are the same bytes."""
        return (*sorted(self.put.items()), *sorted(self.removed))


class Window:
    """The rows that one browser shows.

    Attributes:
        more: what the next page begins behind; None if this is the last one.
    """

    def __init__(
        self,
        places: Iterable[Place],
        *,
        newest_first: bool,
        after: Place | None = None,
        more: Place | None = None,
        limit: int = PAGE,
    ) -> None:
        """Show these rows, `after` where the page before ended."""
        self._places = {key: place for place, key in places}
        self._newest_first = newest_first
        self._after = after
        self._limit = limit
        self.more = more

    @property
    def rows(self) -> list[Place]:
        """Give the rows in the list's order."""
        shown = ((place, key) for key, place in self._places.items())
        return sorted(shown, reverse=self._newest_first)

    def move(self, moved: Mapping[str, int | None]) -> Moves:
        """Take chats and where they stand now; None if not in this list."""
        moves, shown = Moves(), self._places
        for key, place in moved.items():
            was = shown.pop(key, None)
            if place is not None and self._holds((place, key)):
                shown[key] = moves.put[key] = place
            elif was is not None:
                moves.removed.add(key)
        self._trim(moves)
        return moves

    def lacks_rows(self, moves: Moves) -> bool:
        """Tell whether rows left for which others, not known here, move up."""
        return self.more is not None and bool(moves.removed) and len(self._places) < self._limit

    def fill(self, places: Iterable[Place], more: Place | None, moves: Moves) -> None:
        """Show the page as it was read just now; add to the moves what differs."""
        before, self._places = self._places, {key: place for place, key in places}
        self.more = more
        moves.removed |= before.keys() - self._places.keys()
        moves.removed -= self._places.keys()
        moves.put = {
            key: place
            for key, place in self._places.items()
            if key in moves.put or before.get(key) != place
        }

    def _holds(self, place: Place) -> bool:
        """Tell whether a row stands on this page."""
        begun = self._after is None or self._precedes(self._after, place)
        return begun and (self.more is None or not self._precedes(self.more, place))

    def _precedes(self, one: Place, other: Place) -> bool:
        return one > other if self._newest_first else one < other

    def _trim(self, moves: Moves) -> None:
        """Leave what is too much to the next page."""
        rows = self.rows
        beyond = rows[self._limit :]
        for _, key in beyond:
            del self._places[key]
            moves.put.pop(key, None)
            moves.removed.add(key)
        if len(rows) >= self._limit and (beyond or self.more is not None):
            self.more = rows[self._limit - 1]
