"""The numbers that a text mentions, each with what the words around it say of it."""

import re
from dataclasses import dataclass, replace

from state.fields import retractions
from state.fields.labels import DOCUMENTS, Label
from state.fields.splitting import Gap, split


@dataclass(slots=True, kw_only=True)
class Mention:
    """A number, and what is said of it.

    Attributes:
        text: its digits, with the plus before them, a NIT's hyphen, a passport's letters.
        label: what it is called.
        close: nothing but fillers stand between the label and it.
        joined: nothing stands between it and its neighbour but "o", "y" or a mark.
        taken_back: "no es …", "… perdón", "cambie el … por".
        corrects: it takes the place of what was said before.
        asked: it is within a question.
        elsewhose: it may be somebody else's.
        unknown: words stand beside it that say we do not know what.
        is_phone: it looks like a phone, and can hardly be anything else.
        is_document: the same of a document.
        alien: the text speaks of Venezuela, whose documents are none of ours.
    """

    text: str
    label: Label | None = None
    close: bool = False
    joined: bool
    taken_back: bool
    corrects: bool
    asked: bool
    elsewhose: bool
    unknown: bool
    is_phone: bool
    is_document: bool
    alien: bool = False

    @property
    def digits(self) -> str:
        """Its digits alone."""
        return re.sub(r"\D", "", self.text)

    @property
    def is_shaped(self) -> bool:
        """Its look tells what it is."""
        return self.is_phone or self.is_document


_PHONE = re.compile(r"\+\d{8,15}|(?:0{0,2}57){0,2}0?3\d{9}|0?4(?:12|14|16|22|24|26)\d{7}")
_DOCUMENT = re.compile(r"1\d{9}|\d{6,15}-\d")
_STOPS = frozenset(".;?!|")
_ALIEN = re.compile("venezol|venezuela")
_WHOSE = frozenset(["mi", "mis", "su", "sus", "tu", "del", "de", "la", "el", "una", "un"])
"""Before who is named: without it, who is written to is called so."""

_JOINING = frozenset(["o", "y", "u", ",", "/"])
_EITHER = {("cc", "/"), ("cc", "o"), ("cc", "y"), ("cedula", "o"), ("cedula", "/")}
_ABBREVIATED = 4  # letters of an abbreviation: "cc.", "No.", "tel."
_SHORTEST = 5  # digits of a document whose label follows it
_LINKING = frozenset(["es", "son", "("])


def find_mentions(typed: str) -> list[Mention]:
    """List the numbers of a text, which has neither capitals nor accents; a bar ends a line."""
    found, gaps = split(typed)
    mentions: list[Mention] = []
    for index in range(len(found)):
        mention = _judge(found[index], gaps, index)
        _call(mention, gaps, index, mentions[-1] if mentions else None)
        mentions.append(mention)
    if mentions and _ALIEN.search(typed):
        mentions = [replace(mention, alien=True) for mention in mentions]
    vetoed = {mention.digits for mention in mentions if mention.taken_back}
    return _leave_out(mentions, vetoed) if vetoed else mentions


def _leave_out(mentions: list[Mention], vetoed: set[str]) -> list[Mention]:
    """Leave out what is taken back; what stands beside it corrects it."""
    rest = (mention for mention in mentions if mention.digits not in vetoed)
    return [replace(mention, corrects=True) for mention in rest]


def _judge(number: str, gaps: list[Gap], index: int) -> Mention:
    """Tell what is said of a number, but for what it is called."""
    after, last = gaps[index + 1], index == len(gaps) - 2
    left, right = _list_before(gaps[index]), _list_behind(after)
    words = [word.labels for word in left + right if word.text.isalpha()]
    known = frozenset().union(*words)
    return Mention(
        text=number,
        joined=_is_joined(gaps, index),
        taken_back=retractions.takes_back(left, after, last=last),
        corrects=Label.CORRECTING in known or retractions.corrects(left),
        asked=len(right) < len(after) and after[len(right)].text == "?",
        elsewhose=_is_elsewhose(left, _list_own(right, last)),
        unknown=not all(words),
        is_phone=_PHONE.fullmatch(number) is not None,
        is_document=_DOCUMENT.fullmatch(number) is not None,
    )


def _call(mention: Mention, gaps: list[Gap], index: int, before: Mention | None) -> None:
    """Give a number its label: before it, after it, or that of the one that it is joined to."""
    left, after = _list_before(gaps[index]), gaps[index + 1]
    mention.label, mention.close = _name(left)
    if mention.label is Label.PASSPORT:
        mention.text = _join_letters(mention.text, left)
    elif mention.label is None:
        mention.label = _take_name_after(mention, after)
        mention.close = mention.label is not None
    if mention.label is None and before is not None and _continues(mention, left, before):
        mention.label, mention.close = before.label, before.close


def _continues(mention: Mention, left: Gap, before: Mention) -> bool:
    """Tell whether the label of the number before counts for this one too."""
    if mention.is_shaped:
        return False
    listed = all(word.text in _JOINING for word in left)
    return listed if mention.joined else before.taken_back


def _is_joined(gaps: list[Gap], index: int) -> bool:
    """Tell whether a number makes a list with its neighbour."""
    beside = gaps[index : index + 2]
    inner = beside[index == 0 : 1 if index == len(gaps) - 2 else 2]
    return any({word.text for word in gap} <= _JOINING for gap in inner)


def _list_before(gap: Gap) -> Gap:
    """What belongs to the number after it."""
    if not gap:
        return gap
    trimmed = gap[:-1] if gap[-1].text in (".", "|", ":") else gap
    start = max((at + 1 for at in range(len(trimmed)) if _parts(trimmed, at)), default=0)
    return [word for word in trimmed[start:] if word.text != "."]


def _parts(gap: Gap, at: int) -> bool:
    """Tell whether a mark ends what was said before it; a dot after an abbreviation does not."""
    if gap[at].text == "." and at > 0 and len(gap[at - 1].text) <= _ABBREVIATED:
        return not gap[at - 1].labels
    return gap[at].text in _STOPS


def _is_elsewhose(left: Gap, right: Gap) -> bool:
    """Tell whether words beside a number say that it is not the customer's own."""
    strange = any(Label.STRANGER in word.labels for word in left)
    return strange or _names_somebody(left) or _names_somebody(right)


def _names_somebody(gap: Gap) -> bool:
    """Tell whether words name somebody ("de mi mamá"), and not only call one ("hola, vecina")."""
    before = ("", *(word.text for word in gap))
    return any(
        Label.ELSEWHOSE in word.labels and at in _WHOSE
        for at, word in zip(before, gap, strict=False)
    )


def _list_own(behind: Gap, last: bool) -> Gap:  # noqa: FBT001  # as it is asked
    """What belongs to the number before it and not to the next: up to an "and"."""
    end = next((at for at, word in enumerate(behind) if word.text in _JOINING), len(behind))
    return behind if last else behind[:end]


def _list_behind(gap: Gap) -> Gap:
    """What belongs to the number before it."""
    end = next((at for at, word in enumerate(gap) if word.text in _STOPS), len(gap))
    return gap[:end]


def _name(words: Gap) -> tuple[Label | None, bool]:
    """Find the nearest label, and whether only fillers stand between it and the number."""
    close = True
    for at in range(len(words) - 1, -1, -1):
        name = words[at].kind
        if name is Label.NIT and at > 1 and (words[at - 2].text, words[at - 1].text) in _EITHER:
            return Label.PLAIN, close
        if name is Label.PLAIN and _is_minors(words[:at]):
            return Label.OTHER, close
        if name is not None:
            return name, close
        close = close and (Label.FILLER in words[at].labels or words[at].text in ":(")
    return None, False


def _is_minors(before: Gap) -> bool:
    """Tell whether "identidad" is that of a "tarjeta de identidad", which minors have."""
    return len(before) > 1 and before[-1].text == "de" and Label.OTHER in before[-2].labels


def _take_name_after(mention: Mention, gap: Gap) -> Label | None:
    """Take a label right after the number: "… es mi cédula"; it is no other number's then."""
    linked = False
    for at, word in enumerate(gap):
        name = word.kind
        if name is not None:
            sure = linked or name in DOCUMENTS or name is Label.PHONE
            if not sure or name is Label.MONEY or not _fits(mention, name):
                return None
            del gap[: at + 1]
            return name
        linked = linked or word.text in _LINKING
        if Label.FILLER not in word.labels and word.text != "(":
            return None
    return None


def _fits(mention: Mention, name: Label) -> bool:
    """Tell whether a number may be what the label after it says."""
    if name is Label.PHONE:
        return mention.is_phone
    if name in DOCUMENTS:
        return not mention.is_phone and len(mention.digits) >= _SHORTEST
    return not mention.is_shaped


def _join_letters(number: str, words: Gap) -> str:
    """Put a passport's letters before its digits, where they stand apart."""
    letters = words[-1].text if words else ""
    return f"{letters} {number}" if len(letters) <= 3 and not words[-1].labels else number
