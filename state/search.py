"""Search: by which numbers a chat is found, and what the text means that somebody looks for.

One pure function tells from the record by what a chat is found; the commit writes the difference,
as digests. What is looked for is read as the same terms: digits decide the kind, and where several
are possible all of them are looked for at once. Names are not kept for it: the directory knows
them.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from string import ascii_lowercase

from state.client import Change, Client
from state.conversation import Conversation
from state.fields import documents, phones
from state.fields.folding import fold, plain
from state.fields.reading import Refused
from state.fields.table import Field
from state.parts import KEPT

LONGEST = 80
"""Characters of a text that is looked for."""

_LONGEST_SERVICE = 10  # digits of a service's number
_CODE = 8  # letters of a request's code
_NIT = 9  # digits of a company's number without its check digit
_NATIONAL, _COUNTRY = 10, "57"  # digits of a phone without its country's code, and that code
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")  # of codes: base32
_SHORTEST_NAME = 3  # letters of one of its words: two stand in every other name
_LABELS = documents.NAMES | phones.NAMES | {"n", "no", "nombre", "nro", "numero", "servicio"}
_LABELS |= {"solicitud", ""}
"""What stands beside a number that is pasted with its name."""


class SearchKind(StrEnum):
    """By what a chat is found; the names are stored in the audit, as staff read them."""

    DOCUMENT = "cédula"
    PHONE = "celular"
    SERVICE = "servicio"
    CODE = "solicitud"
    NAME = "nombre"
    """Of the holder, as the directory has it: no term of a chat is of this kind."""


@dataclass(frozen=True, slots=True)
class SearchTerm:
    """One number or code, in the one spelling that is compared.

    Attributes:
        value: a document's letters and digits, a phone's digits with the country's, a service's
            number, a request's code.
    """

    kind: SearchKind
    value: str


@dataclass(frozen=True, slots=True)
class SearchQuery:
    """What a text looks for.

    Attributes:
        terms: any of them finds a chat.
        words: each begins a word of the holder's name; empty if there are digits.
    """

    terms: frozenset[SearchTerm] = frozenset()
    words: tuple[str, ...] = ()

    @property
    def kinds(self) -> tuple[SearchKind, ...]:
        """Tell by what is looked, in the order of the kinds."""
        found = {term.kind for term in self.terms} | ({SearchKind.NAME} if self.words else set())
        return tuple(kind for kind in SearchKind if kind in found)


def list_terms(conversation: Conversation) -> frozenset[SearchTerm]:
    """List by what a chat is found: numbers given, on file, of the channel, and codes."""
    return frozenset(term for term in _list_all(conversation) if term.value)


def is_found_alike(before: Conversation, after: Conversation) -> bool:
    """Tell whether a step left a chat to be found by what it was; mostly at a glance."""
    sources = zip(_list_sources(before), _list_sources(after), strict=True)
    return all(one is other for one, other in sources) or list_terms(before) == list_terms(after)


def read_query(text: str) -> SearchQuery:
    """Read what somebody looks for; empty if it means nothing."""
    typed = plain(text)
    words = [word for word in map(_trim, typed.split()) if _condense(word) not in _LABELS]
    joined = _drop_label("".join(map(_condense, words)))
    if not joined or len(typed) > LONGEST:
        return SearchQuery()
    if any(map(str.isdecimal, joined)):
        meanings = _list_meanings(typed, joined)
        return SearchQuery(frozenset(term for term in meanings if term.value))
    codes = [_code(joined)] if len(words) == 1 and _is_code(joined) else []
    named = max(map(len, words)) >= _SHORTEST_NAME
    return SearchQuery(frozenset(codes), tuple(filter(None, words)) if named else ())


def _list_sources(conversation: Conversation) -> tuple[object, ...]:
    """List the parts that `_list_all` reads: a step keeps those that it does not change."""
    return (
        conversation.account.person,
        conversation.identity,
        conversation.lookup.clue,
        conversation.draft.answers,
        conversation.link,
        conversation.change,
        conversation.last_change,
    )


def _list_all(conversation: Conversation) -> Iterator[SearchTerm]:
    identity, pending = conversation.identity, conversation.change
    request, saved, link = pending.request, conversation.last_change, conversation.link
    yield _phone(conversation.account.person.phone)
    yield _phone(identity.owned)
    yield from _read_clue(conversation.lookup.clue)
    yield _code(pending.reference)
    for field, value in conversation.draft.answers.items():
        yield from _of_field(field, (value,) if value != KEPT else ())
    for client in (identity.client, link.client if link else None):
        yield from _of_client(client) if client else ()
    if request is not None:
        yield _code(request.code)
        yield from _of_changes(request.changes)
    if saved is not None:
        yield _code(saved.code)
        yield _service(str(saved.service_id))
        yield from _of_changes(saved.changes)


def _of_client(client: Client) -> Iterator[SearchTerm]:
    yield _service(str(client.service_id))
    for field, on_file in client.on_file.items():
        yield from _of_field(field, on_file.values)


def _of_changes(changes: Iterable[Change]) -> Iterator[SearchTerm]:
    """Find a change by what it writes and by what stood there: its owner may be who calls."""
    for change in changes:
        yield from _of_field(change.field, (change.new, *change.old.values))


def _of_field(field: Field, values: Iterable[str]) -> Iterator[SearchTerm]:
    write = _WRITERS.get(field)
    return iter(()) if write is None else map(write, values)


def _read_clue(clue: str) -> Iterator[SearchTerm]:
    kind, _, value = clue.partition(":")
    if kind in _CLUES:
        yield _CLUES[kind](value)


def _list_meanings(text: str, joined: str) -> Iterator[SearchTerm]:
    """List what digits may be; `joined` is the text without what stands between them."""
    yield _document(joined)
    if _is_code(joined):
        yield _code(joined)
    if joined.isdecimal():
        yield from _list_numbers(text, joined)


def _list_numbers(text: str, digits: str) -> Iterator[SearchTerm]:
    reading = phones.read(text)
    yield _phone(digits if isinstance(reading, Refused) else reading.value)
    yield _phone(digits)
    if len(digits) == _NATIONAL:
        yield _phone(_COUNTRY + digits)
    if len(digits) <= _LONGEST_SERVICE:
        yield _service(digits.lstrip("0"))
    if len(digits) == _NIT:
        yield _document(documents.add_check_digit(digits))
    if "-" in text and len(digits) > _NIT:
        yield _document(digits[:-1])


def _trim(word: str) -> str:
    """Drop what is no letter or digit from the edges."""
    kept = [place for place, character in enumerate(word) if character.isalnum()]
    return word[kept[0] : kept[-1] + 1] if kept else ""


def _condense(word: str) -> str:
    return documents.condense(fold(word))


def _drop_label(joined: str) -> str:
    """Drop what is glued to a number as its name: `cc1098765432`."""
    number = joined.lstrip(ascii_lowercase)
    return number if number.isdecimal() and joined.removesuffix(number) in _LABELS else joined


def _is_code(joined: str) -> bool:
    return len(joined) == _CODE and _LETTERS.issuperset(joined.upper())


def _document(value: str) -> SearchTerm:
    return SearchTerm(SearchKind.DOCUMENT, documents.condense(value))


def _phone(value: str) -> SearchTerm:
    return SearchTerm(SearchKind.PHONE, "".join(filter(str.isdecimal, value)))


def _service(value: str) -> SearchTerm:
    return SearchTerm(SearchKind.SERVICE, value if value != "0" else "")


def _code(value: str) -> SearchTerm:
    return SearchTerm(SearchKind.CODE, value.upper())


_WRITERS: dict[Field, Callable[[str], SearchTerm]] = {
    Field.DOCUMENT: _document,
    Field.PHONE: _phone,
}
"""The fields by which a chat is found."""

_CLUES: dict[str, Callable[[str], SearchTerm]] = {
    "document": _document,
    "phone": _phone,
    "service": _service,
}
