"""Numbers that are dictated in words: "tres diez, doscientos veintidós, treinta y tres".

Words become digits where three of them follow each other, as no address and no price has them;
each is written as it is said: "tres diez" is 310, "cero cinco" is 05.
"""

import re

_NUMBERS = {
    0: "cero uno dos tres cuatro cinco seis siete ocho nueve",
    10: "diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve",
    20: "veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete",
    28: "veintiocho veintinueve",
}
"""By the first of each row, one after the other."""

_TENS = "treinta cuarenta cincuenta sesenta setenta ochenta noventa"
_HUNDREDS = (
    "doscientos trescientos cuatrocientos quinientos seiscientos setecientos ochocientos "
    "novecientos"
)
_OTHERS = {
    "un": 1, "veintiun": 21, "cien": 100, "ciento": 100, "sero": 0, "sinco": 5, "seiz": 6,
    "dies": 10, "onse": 11, "dose": 12, "trese": 13, "catorse": 14, "quinse": 15, "beinte": 20,
}  # fmt: skip
_VALUES: dict[str, int] = (
    {
        word: value
        for first, row in _NUMBERS.items()
        for value, word in enumerate(row.split(), first)
    }
    | {word: 10 * n for n, word in enumerate(_TENS.split(), 3)}
    | {word: 100 * n for n, word in enumerate(_HUNDREDS.split(), 2)}
    | _OTHERS
)
_LEAST = 3  # number words in a row
_DIGIT = re.compile(r"\d")
_WORDS = re.compile(r"[^\W\d_]+")
_WORD = "|".join(sorted(_VALUES, key=len, reverse=True))
_ROW = re.compile(rf"(?<![a-z])(?:{_WORD})(?:(?:[\s,.\-]+|\s+y\s+)(?:{_WORD}|\d+))+(?![a-z])")


def has_number(text: str) -> bool:
    """Tell whether a text holds a digit of any script, or what may be a number in words."""
    return _DIGIT.search(text) is not None or not _VALUES.keys().isdisjoint(
        _WORDS.findall(text.lower())
    )


def spell_out(typed: str) -> str:
    """Write numbers in words as digits; of a text that has neither capitals nor accents."""
    return _ROW.sub(_join, typed)


def _join(row: re.Match[str]) -> str:
    words = re.findall(r"[a-z]+|\d+", row[0])
    said = [word for word in words if word != "y"]
    if sum(word in _VALUES for word in said) < _LEAST:
        return row[0]
    return "".join(_digits(words))


def _digits(words: list[str]) -> list[str]:
    """Join "doscientos veintidos" to 222 and "treinta y tres" to 33; the rest stands as it is."""
    parts: list[int | str] = []
    for at, word in enumerate(words):
        if word == "y":
            continue
        value = _VALUES.get(word)
        last = parts[-1] if parts else None
        after_and = at > 0 and words[at - 1] == "y"
        if value is None:
            parts.append(word)
        elif isinstance(last, int) and _continues(last, value, after_and=after_and):
            parts[-1] = last + value
        else:
            parts.append(value)
    return [str(part) for part in parts]


def _continues(last: int, value: int, *, after_and: bool) -> bool:
    """Tell whether a word is the rest of the number before it."""
    if last >= 100 and last % 100 == 0:
        return 0 < value < 100
    tens = 30 <= last % 100 <= 90 and last % 10 == 0
    return tens and 0 < value < 10 and after_and
