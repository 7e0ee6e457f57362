"""Tables of words by what they mean, as people write them: by ear, mistyped, run together."""

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Generic, TypeVar

from state.fields.spelling import one_error

_SHORTEST_STEM = 3
_FORGIVEN_STEM = 6  # letters from which a beginning may have a typing error
_LONGEST_WORD = 24  # letters of a word that is looked up: what is longer is none
_LONG = 7  # letters from which also the first may be wrong
_HEARD = 4  # letters from which a word is told by its sound: shorter ones are too much alike
_REMEMBERED = 4096  # words whose meaning is remembered: most that is written is said again
_RUN_ON = 8  # letters from which a word may be several, written together

_BY_EAR = (
    (re.compile(r"(.)\1+"), r"\1"),
    (re.compile("(?<!c)h"), ""),
    (re.compile("[gh]?u(?=[aeo])|w"), "u"),
    (re.compile("qu|q|c(?![eih])"), "k"),
    (re.compile("[zx]|c(?=[ei])"), "s"),
    (re.compile("gu(?=[ei])"), "g"),
    (re.compile("g(?=[ei])"), "j"),
    (re.compile("v"), "b"),
    (re.compile("n(?=[bp])"), "m"),
)
"""Letters that sound alike, or not at all, in the order in which they are made one."""

_DRAWN = re.compile(r"([a-z])\1{2,}|([aeiou])\2(?=$)")

Meaning = TypeVar("Meaning", bound=str)

_Memo = dict[str, frozenset[Meaning]]


def spell_by_ear(word: str) -> str:
    """Spell a word, folded, as it sounds: "selular", "vuelbame" and "fallesio" have no error."""
    word = word.replace("ll", "y")
    for letters, sound in _BY_EAR:
        word = letters.sub(sound, word)
    return word


def shorten(word: str) -> str:
    """Write letters that are drawn out once: "siii", "dalee"."""
    return _DRAWN.sub(lambda found: found[0][0], word)


class Vocabulary(Generic[Meaning]):
    """Words, and what they mean.

    A word is looked up as it is, then by its beginning, the longest first, then by its sound, and
    then with one typing error, which is forgiven from `forgiven` letters on.
    """

    def __init__(self, table: Mapping[Meaning, str], *, forgiven: int) -> None:
        """Take the words of each meaning, parted by blanks; a star stands for any ending."""
        self._whole: dict[str, frozenset[Meaning]] = {}
        self._stems: dict[str, frozenset[Meaning]] = {}
        for meaning, listed in table.items():
            for word in listed.split():
                words = self._stems if word.endswith("*") else self._whole
                bare = word.removesuffix("*")
                heard = spell_by_ear(bare) if len(bare) >= _HEARD else bare
                for spelling in {bare, heard}:
                    words[spelling] = words.get(spelling, frozenset()) | {meaning}
        self._remembered: _Memo[Meaning] = {}
        self._all: _Memo[Meaning] = {}
        self._longest = max(map(len, self._stems), default=0)
        self._forgiven = forgiven

    @cached_property
    def _mistyped(self) -> Mapping[str, tuple[str, ...]]:
        """Made when it is asked for: a process that only receives never asks."""
        return _index_errors(word for word in self._whole if len(word) >= self._forgiven)

    @cached_property
    def _mistyped_stems(self) -> Mapping[str, tuple[str, ...]]:
        return _index_errors(stem for stem in self._stems if len(stem) >= _FORGIVEN_STEM)

    def find(self, word: str) -> frozenset[Meaning]:
        """Tell what a word means, folded; nothing if it is not in the table."""
        known = self._remembered.get(word)
        if known is not None:
            return known
        found = self._look_up(word)
        if not found and _HEARD <= len(word) <= _LONGEST_WORD:
            heard = spell_by_ear(word)
            found = self._look_up(heard) or self._forgive(heard) or self._forgive(word)
        return _remember(self._remembered, word, found)

    def find_all(self, word: str) -> frozenset[Meaning]:
        """Tell all that a word may mean: the whole of it and every beginning."""
        found = self._all.get(word)
        return _remember(self._all, word, self._look_up_all(word)) if found is None else found

    def _look_up_all(self, word: str) -> frozenset[Meaning]:
        heard = spell_by_ear(word[:_LONGEST_WORD]) if len(word) >= _HEARD else word
        starts = {each[:n] for each in (word, heard) for n in range(_SHORTEST_STEM, len(each) + 1)}
        stems = (self._stems[start] for start in starts if start in self._stems)
        whole = (self._whole.get(each, frozenset()) for each in (word, heard))
        known = frozenset().union(*stems, *whole)
        return known or self._forgive(heard) or self._forgive(word)

    def _look_up(self, word: str) -> frozenset[Meaning]:
        whole = self._whole.get(word, frozenset())
        for length in range(min(len(word), self._longest), _SHORTEST_STEM - 1, -1):
            stem = self._stems.get(word[:length])
            if stem is not None:
                return whole | stem
        return whole

    def _forgive(self, word: str) -> frozenset[Meaning]:
        """Look a word up with one error in it, or in its beginning; its first letter is right."""
        if len(word) < self._forgiven - 1:
            return frozenset()
        for meant in _near(word, self._mistyped):
            return self._whole[meant]
        for length in range(_FORGIVEN_STEM - 1, min(len(word), self._longest + 1) + 1):
            for meant in _near(word[:length], self._mistyped_stems):
                return self._stems[meant]
        return frozenset()

    def take_apart(self, word: str) -> list[str]:
        """List the words that are written together in one; it alone if they are not all known."""
        if not _RUN_ON <= len(word) <= _LONGEST_WORD * 3 or self.find(word):
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


def _remember(memo: _Memo[Meaning], word: str, meanings: frozenset[Meaning]) -> frozenset[Meaning]:
    """Remember what a word means; too many are forgotten, all at once."""
    if len(memo) >= _REMEMBERED:
        memo.clear()
    memo[word] = meanings
    return meanings


def _index_errors(words: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """List under each spelling with one letter less, or none, the words that are meant."""
    index: dict[str, tuple[str, ...]] = {}
    for word in words:
        for variant in {word, *_leave_one_out(word)}:
            index[variant] = (*index.get(variant, ()), word)
    return index


def _near(word: str, index: Mapping[str, tuple[str, ...]]) -> Iterable[str]:
    """List the words of an index that have one error at most in the spelling given."""
    for variant in (word, *_leave_one_out(word)):
        for meant in index.get(variant, ()):
            if one_error(word, meant):
                yield meant


def _leave_one_out(word: str) -> list[str]:
    """List a word's spellings with one letter less; a short word's first letter is right."""
    return [word[:at] + word[at + 1 :] for at in range(len(word) < _LONG, len(word))]
