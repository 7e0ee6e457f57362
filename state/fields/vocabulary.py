"""Tables of words by what they mean: whole words, beginnings (`pag*`), typing errors forgiven."""

import re
from collections.abc import Iterable, Mapping
from typing import Generic, TypeVar

from state.fields.spelling import one_error

_SHORTEST_STEM = 3
_LONGEST_WORD = 24  # letters of a word that is looked up: what is longer is none
_DRAWN = re.compile(r"([a-z])\1{2,}|([aeiou])\2(?=$)")
_RUN_ON = 8  # letters from which a word may be several, written together


Meaning = TypeVar("Meaning", bound=str)


class Vocabulary(Generic[Meaning]):
    """Words, and what they mean.

    A word is looked up as it is, then by its beginning, the longest first, then with one typing
    error, which is forgiven from `forgiven` letters on.
    """

    def __init__(self, table: Mapping[Meaning, str], *, forgiven: int) -> None:
        """Take the words of each meaning, parted by blanks; a star stands for any ending."""
        self._whole: dict[str, frozenset[Meaning]] = {}
        self._stems: dict[str, frozenset[Meaning]] = {}
        for meaning, listed in table.items():
            for word in listed.split():
                words = self._stems if word.endswith("*") else self._whole
                bare = word.removesuffix("*")
                words[bare] = words.get(bare, frozenset()) | {meaning}
        self._longest = max(map(len, self._stems), default=0)
        self._forgiven = forgiven
        self._mistyped = _index_errors(word for word in self._whole if len(word) >= forgiven)

    def find(self, word: str) -> frozenset[Meaning]:
        """Tell what a word means, folded; nothing if it is not in the table."""
        known = self._whole.get(word)
        if known is not None:
            return known
        for length in range(min(len(word), self._longest), _SHORTEST_STEM - 1, -1):
            stem = self._stems.get(word[:length])
            if stem is not None:
                return stem
        return self._find_mistyped(word)

    def find_all(self, word: str) -> frozenset[Meaning]:
        """Tell all that a word may mean: the whole of it and every beginning."""
        starts = (word[:length] for length in range(_SHORTEST_STEM, self._longest + 1))
        stems = (self._stems[start] for start in {*starts} if start in self._stems)
        known = self._whole.get(word, frozenset()).union(*stems)
        return known or self._find_mistyped(word)

    def _find_mistyped(self, word: str) -> frozenset[Meaning]:
        if not self._forgiven <= len(word) <= _LONGEST_WORD:
            return frozenset()
        for variant in (word, *_leave_one_out(word)):
            for meant in self._mistyped.get(variant, ()):
                if one_error(word, meant):
                    return self._whole[meant]
        return frozenset()

    def take_apart(self, word: str) -> list[str]:
        """List the words that are written together in one; it alone if they are not all known."""
        if not _RUN_ON <= len(word) <= _LONGEST_WORD * 3 or self._whole.get(word):
            return [word]
        parts: list[str] = []
        start = 0
        while start < len(word):
            end = self._find_end(word, start)
            if not end:
                return [word]
            parts.append(word[start:end])
            start = end
        return parts

    def _find_end(self, word: str, start: int) -> int:
        """Tell where the longest word ends that begins there; 0 if none does."""
        ends = range(min(len(word), start + _LONGEST_WORD), start + 1, -1)
        return next((end for end in ends if word[start:end] in self._whole), 0)


def shorten(word: str) -> str:
    """Write letters that are drawn out once: "siii", "dalee"."""
    return _DRAWN.sub(lambda found: found[0][0], word)


def _index_errors(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """List under each spelling with one letter less, or none, the words that are meant."""
    index: dict[str, tuple[str, ...]] = {}
    for word in words:
        for variant in {word, *_leave_one_out(word)}:
            index[variant] = (*index.get(variant, ()), word)
    return index


def _leave_one_out(word: str) -> list[str]:
    return [word[:at] + word[at + 1 :] for at in range(len(word))]
