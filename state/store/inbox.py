"""The inbox: the views page by page, and how many chats stand in each.

A page reads the rows of its chats, never a record or a journal, so it costs the same however many
chats there are. A cursor is a place and a chat: what stands behind it in the view's order is on
the next page, whatever came or went meanwhile.
"""

import heapq
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice

from state.journal import Entry
from state.parts import SpeakerKind
from state.states import STATES, Section
from state.store import keys, wire
from state.store.encryption import Keyring
from state.store.filing import ELSEWHERE, Filing, read_lists
from state.store.pipeline import Pipeline
from state.views import NEWEST_FIRST, Row, View

PAGE = 50
"""Rows of a page."""

_STEP = 16  # chats asked of a shard at once: one page of a view is three of each, by chance more
_SCANNED = 1_000  # chats looked at for a filtered page, before it says that there may be more

Place = tuple[int, str]
"""Where a chat stands in a view: its place (ms), and its key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What is left out of a view; nothing named is nothing left out."""

    channel: str = ""
    section: Section | None = None
    speaker: SpeakerKind | None = None

    def let_pass(self, row: Row | None) -> bool:
        """Tell whether a row stays; one that cannot be read stays only without a filter."""
        wanted = (self.channel, self.section, self.speaker)
        found = (row.channel, STATES[row.state].section, row.speaker) if row else ("", None, None)
        return all(not want or want == have for want, have in zip(wanted, found, strict=True))


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedChat:
    """A chat as a list shows it.

    Attributes:
        place: where it stands in the view, ms.
        row: None if it cannot be read.
        words: what the customer said last, None if nothing is known.
        places: where it stands in the lists, by name (`name_list`); a page tells the record's.
    """

    key: str
    place: int
    row: Row | None
    words: Entry | None
    places: Mapping[str, int] = field(default_factory=dict)


class Inbox:
    """All views."""

    def __init__(self, pipeline: Pipeline, keyring: Keyring) -> None:
        """Use these round trips and these keys."""
        self._pipeline = pipeline
        self._filing = Filing(keyring)

    async def page(
        self,
        view: View,
        *,
        now: int,
        member: str = "",
        cursor: str = "",
        limit: int = PAGE,
        filters: Filters = Filters(),
    ) -> tuple[list[ListedChat], str]:
        """Read a page of a view, and the cursor of the next; `""` if this is the last.

        `member` is the digest of whose list `MINE` is. A cursor that is none is the beginning.
        """
        found: list[ListedChat] = []
        after, scanned = read_cursor(cursor), 0
        while True:
            places = await self._places(view, member, after, limit + 1, now)
            for listed in await self._read(places[:limit]):
                found += [listed] if filters.let_pass(listed.row) else []
                after, scanned = (listed.place, listed.key), scanned + 1
                if len(found) == limit:
                    return found, "" if after == places[-1] else write_cursor(after)
            if len(places) <= limit:
                return found, ""
            if scanned >= _SCANNED:
                return found, write_cursor(after)

    async def counts(self, *, now: int, member: str = "") -> dict[View, int]:
        """Count the chats of every view, in one round trip."""
        counted = [
            ("ZCOUNT", shard.key(self._filing.name_key(view, member)), "-inf", _newest(view, now))
            for view in View
            for shard in keys.ALL
        ]
        answers = iter(await self._pipeline.ask(*counted))
        return {view: sum(islice(answers, len(keys.ALL))) for view in View}

    async def read(self, chats: Sequence[str]) -> list[ListedChat]:
        """Read the rows of these chats, and their places in all lists."""
        listed = await self._read([(0, key) for key in chats])
        asked = [
            ("ZSCORE", keys.shard_of(key).key(self._filing.name_key(view, "")), key)
            for key in chats
            for view in ELSEWHERE
        ]
        scores = iter(await self._pipeline.ask(*asked) if asked else ())
        found = [{view.value: next(scores) for view in ELSEWHERE} for _ in chats]
        return [
            replace(one, places={**one.places, **_read_scores(there)})
            for one, there in zip(listed, found, strict=True)
        ]

    async def list_due(self, *, after: int, until: int) -> list[str]:
        """List the chats that began to be stuck within a time (ms), without a change of theirs."""
        name = self._filing.name_key(View.STUCK, "")
        ends = (f"({after}", until, "BYSCORE")
        asked = (("ZRANGE", shard.key(name), *ends) for shard in keys.ALL)
        return [key.decode() for answer in await self._pipeline.ask(*asked) for key in answer]

    async def count_mine(self, members: Sequence[str]) -> list[int]:
        """Count the chats that each of these members (by digest) has."""
        names = [self._filing.name_key(View.MINE, member) for member in members]
        asked = [("ZCARD", shard.key(name)) for name in names for shard in keys.ALL]
        answers = iter(await self._pipeline.ask(*asked) if asked else ())
        return [sum(islice(answers, len(keys.ALL))) for _ in members]

    async def _places(
        self, view: View, member: str, after: Place | None, limit: int, now: int
    ) -> list[Place]:
        """Find the next so many chats of a view."""
        names = [shard.key(self._filing.name_key(view, member)) for shard in keys.ALL]
        ranges = asked = [_Range(view, name, after, now) for name in names]
        merged: list[Place] = []
        while asked:
            answers = await self._pipeline.ask(*(one.command for one in asked))
            for one, answer in zip(asked, answers, strict=True):
                one.take(answer)
            found = heapq.merge(*(one.found for one in ranges), reverse=view in NEWEST_FIRST)
            merged = list(islice(found, limit))
            last = merged[-1] if len(merged) == limit else None
            asked = [one for one in ranges if one.may_precede(last)]
        return merged

    async def _read(self, places: Sequence[Place]) -> list[ListedChat]:
        if not places:
            return []
        names = (keys.name_key("chat", key) for _, key in places)
        answers = await self._pipeline.ask(*(("HMGET", name, "row", "said", "w") for name in names))
        return [
            ListedChat(
                key=key,
                place=place,
                row=self._filing.open_row(key, row),
                words=self._filing.open_words(key, said),
                places=read_lists(lists),
            )
            for (place, key), (row, said, lists) in zip(places, answers, strict=True)
        ]


class _Range:
    """What a page needs of one shard; chats at the very place of the cursor are read past."""

    def __init__(self, view: View, name: str, after: Place | None, now: int) -> None:
        self.found: list[Place] = []
        self._after, self._offset, self._ended = after, 0, False
        self._reversed = view in NEWEST_FIRST
        ends = ("+inf", "-inf", "REV") if self._reversed else ("-inf", _newest(view, now))
        start, end, *way = ends
        self._by = (name, str(after[0]) if after else start, end, "BYSCORE", *way)

    @property
    def command(self) -> tuple[str | int, ...]:
        """Ask for what comes next."""
        return ("ZRANGE", *self._by, "LIMIT", self._offset, _STEP, "WITHSCORES")

    def take(self, answer: object) -> None:
        """Take what came."""
        read = [(int(place), key.decode()) for key, place in wire.parse_scores(answer)]
        self.found += [one for one in read if self._is_behind(one)]
        self._offset += len(read)
        self._ended = len(read) < _STEP

    def may_precede(self, last: Place | None) -> bool:
        """Tell whether something not asked for yet may stand before the end of the page."""
        if self._ended:
            return False
        if last is None or not self.found:
            return True
        return self.found[-1] > last if self._reversed else self.found[-1] < last

    def _is_behind(self, one: Place) -> bool:
        if self._after is None:
            return True
        return one < self._after if self._reversed else one > self._after


def _newest(view: View, now: int) -> str:
    """Give the last place that counts: a chat may be stuck only later."""
    return str(now) if view is View.STUCK else "+inf"


def _read_scores(scores: Mapping[str, bytes | None]) -> dict[str, int]:
    return {name: int(float(score)) for name, score in scores.items() if score is not None}


def write_cursor(place: Place | None) -> str:
    """Write where a page ends; the next one begins behind it."""
    return "" if place is None else f"{place[0]}.{place[1]}"


def read_cursor(cursor: str) -> Place | None:
    """Read where a page begins; None for the beginning, and for what is no cursor."""
    place, _, key = cursor.partition(".")
    return (int(place), key) if place.isdigit() and key else None
