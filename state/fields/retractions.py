"""Which numbers a customer takes back: "no es …, es …", "… perdón, …", "cambie el … por …"."""

import re

from state.fields.labels import KINDS, Label, Word

_DENIED = frozenset(
    [
        "es", "era", "son", "fue", "sea", "tengo", "uso", "tiene", "el", "la", "ese", "esa", "este",
        "esta",
    ]
)  # fmt: skip
_INSTEAD = re.compile(
    r"(?:^| )(?:en vez del?|en lugar del?|y no)(?: (?:el|la|mi|ese|esa|este|esta))*$"
)
_FORMER = re.compile(
    r"(?:^| )(?:antes era|antigu[oa]|anterior|(?<!mi )viej[oa])(?: (?!y(?: |$))\S+){0,3}$"
)
_REMOVED = re.compile(r"quit|borr|elimin|desactiv|saque|sacar")
_CHANGED = re.compile(r"cambi|re?emplac")
_FOR = re.compile(r"(?:a|por|x)(?: |$)")
_NO_MORE = re.compile(
    r"(?:, )?(?:(?:ya no|esta mal|quedo mal|no sirve)(?: |$)"
    r"|no es(?:$| (?:,|mi|mia|mio|mios|el|la|de|correct|ese|esa)))"
)
_NOT_SO = re.compile(
    r"(?:, |\| |\. )?(?:ay |uy |que pena |ah )?(?:corrijo|correccion|digo|disculp|error|mal|"
    r"me equivoq|mejor|mentira|no (?:,|perdon|mejor|espere|mentira|digo|que)|no es ,|no$|perdon|"
    r"sino|quise decir|era|es mentira)"
)
_NO = "no"
_UNSAID = "no es"  # between two numbers it takes back either


def takes_back(left: list[Word], after: list[Word], *, last: bool) -> bool:
    """Tell whether the words before a number, or those after it, take it back."""
    before, behind = _join(left), _join(after)
    gone = _NO_MORE.match(behind) and (last or behind != _UNSAID)
    if gone or _is_denied(left) or _INSTEAD.search(before) or _FORMER.search(before):
        return True
    verb = next((w.text for w in reversed(left) if Label.FILLER not in w.labels and not w.kind), "")
    if _REMOVED.match(verb):
        return True
    return not last and bool(_NOT_SO.match(behind) or (_CHANGED.match(verb) and _FOR.match(behind)))


def corrects(left: list[Word]) -> bool:
    """Tell whether the words before a number say that it takes another's place: "no, es …"."""
    return _join(left[:2]) == "no ,"


def _is_denied(left: list[Word]) -> bool:
    """Tell whether "no es", and no comma after its "no", leads to the number."""
    words = [word.text for word in left]
    if _NO not in words:
        return False
    at = len(words) - 1 - words[::-1].index(_NO)
    rest = left[at + 1 :]
    linking = all(Label.FILLER in word.labels or word.kind in KINDS for word in rest[1:])
    return bool(rest) and rest[0].text in _DENIED and linking


def _join(words: list[Word]) -> str:
    return " ".join(word.text for word in words)
