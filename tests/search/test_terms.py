"""The pure part: what a text that is looked for means, and by what a record is found."""

import dataclasses
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.client import Change, Client, OnFile
from state.conversation import Chat, Conversation, replace
from state.fields.table import Field
from state.parts import KEPT, Account, Draft, Identity, Link, Lookup, PendingChange, Person
from state.records import Request, SavedChange
from state.search import (
    SearchKind,
    SearchQuery,
    SearchTerm,
    is_found_alike,
    list_terms,
    read_query,
)

_CHAT = Conversation(chat=Chat(channel="test", account="1", id="1"))
_DOCUMENT, _PHONE, _SERVICE, _CODE, _NAME = SearchKind
_CLIENT = Client(
    service_id=1001,
    name="Ana Gómez",
    on_file={
        Field.DOCUMENT: OnFile(("52.123.456",)),
        Field.PHONE: OnFile(("+573001112233", "6087")),
    },
)


def _term(kind: SearchKind, value: str) -> SearchTerm:
    return SearchTerm(kind, value)


@pytest.mark.parametrize(
    ("typed", "kinds", "found"),
    [
        ("52.123.456", {_DOCUMENT, _PHONE, _SERVICE}, _term(_DOCUMENT, "52123456")),
        ("cc 1 098 765 432", {_DOCUMENT, _PHONE, _SERVICE}, _term(_DOCUMENT, "1098765432")),
        ("cc1098765432", {_DOCUMENT, _PHONE, _SERVICE}, _term(_DOCUMENT, "1098765432")),
        ("V-20788775", {_DOCUMENT}, _term(_DOCUMENT, "v20788775")),
        ("900.123.456", {_DOCUMENT, _PHONE, _SERVICE}, _term(_DOCUMENT, "9001234568")),
        ("900123456-8", {_DOCUMENT, _PHONE, _SERVICE}, _term(_DOCUMENT, "900123456")),
        ("300 111 22 33", {_DOCUMENT, _PHONE, _SERVICE}, _term(_PHONE, "573001112233")),
        ("+57 300-111-2233", {_DOCUMENT, _PHONE}, _term(_PHONE, "573001112233")),
        ("0057 3001112233", {_DOCUMENT, _PHONE}, _term(_PHONE, "573001112233")),
        ("Servicio No. 1001", {_DOCUMENT, _PHONE, _SERVICE}, _term(_SERVICE, "1001")),
        ("01001", {_DOCUMENT, _PHONE, _SERVICE}, _term(_SERVICE, "1001")),
        ("abcd-2345", {_DOCUMENT, _CODE}, _term(_CODE, "ABCD2345")),
        ("CASTILLO", {_CODE, _NAME}, _term(_CODE, "CASTILLO")),
    ],
)
def test_digits_decide_the_kind(typed: str, kinds: set[SearchKind], found: SearchTerm) -> None:
    """A number is looked for as all that it may be, in the spelling that is compared."""
    query = read_query(typed)

    assert set(query.kinds) == kinds
    assert found in query.terms


@pytest.mark.parametrize("typed", ["Ana  Gómez", "nombre Ana Gómez", "¿Ana, Gómez?"])
def test_words_are_a_name(typed: str) -> None:
    """Words without a digit are looked for as a holder's name, with the accents as typed."""
    assert read_query(typed) == SearchQuery(words=("Ana", "Gómez"))


@pytest.mark.parametrize("typed", ["", "  ", "cédula", "…", "Al", "1" * 90, "CC"])
def test_nothing_to_look_for(typed: str) -> None:
    """What holds neither a number nor a name of three letters looks for nothing."""
    assert read_query(typed) == SearchQuery()


@given(st.text(max_size=100))
def test_any_text_can_be_looked_for(typed: str) -> None:
    """Whatever is typed or pasted means something or nothing, and every term has a value."""
    query = read_query(typed)

    assert all(term.value for term in query.terms)
    assert bool(query.kinds) == bool(query.terms or query.words)


def _changes() -> Iterator[tuple[Conversation, set[SearchTerm]]]:
    """Give records that hold one number each, with what finds it."""
    person = Account(person=Person(user="CO.1", phone="573001112233"))
    change = Change(field=Field.DOCUMENT, new="52123456", old=OnFile(("79.000.111",)))
    both = {_term(_DOCUMENT, "52123456"), _term(_DOCUMENT, "79000111")}
    request = Request(code="ABCD2345", at=1, changes=(change,))
    saved = SavedChange(code="EFGH2345", at=1, service_id=7, changes=(change,))
    on_file = {_term(_DOCUMENT, "52123456"), _term(_PHONE, "573001112233"), _term(_PHONE, "6087")}
    yield replace(_CHAT, account=person), {_term(_PHONE, "573001112233")}
    yield replace(_CHAT, identity=Identity(owned="+573009")), {_term(_PHONE, "573009")}
    yield replace(_CHAT, lookup=Lookup(clue="document:52123456")), {_term(_DOCUMENT, "52123456")}
    yield replace(_CHAT, lookup=Lookup(clue="service:1001")), {_term(_SERVICE, "1001")}
    yield replace(_CHAT, lookup=Lookup(clue="name:Gómez")), set()
    for told in ({"identity": Identity(client=_CLIENT)}, {"link": Link(client=_CLIENT)}):
        yield replace(_CHAT, **told), {*on_file, _term(_SERVICE, "1001")}
    answers = {Field.DOCUMENT: "52123456", Field.PHONE: KEPT}
    yield replace(_CHAT, draft=Draft(answers=answers)), {_term(_DOCUMENT, "52123456")}
    pending = PendingChange(reference="ABCD2345", request=request)
    yield replace(_CHAT, change=pending), {*both, _term(_CODE, "ABCD2345")}
    expected = {*both, _term(_CODE, "EFGH2345"), _term(_SERVICE, "7")}
    yield replace(_CHAT, last_change=saved), expected


@pytest.mark.parametrize(("record", "terms"), list(_changes()))
def test_what_a_record_is_found_by(record: Conversation, terms: set[SearchTerm]) -> None:
    """A chat is found by what was given, stands on file, is the channel's, or names a request."""
    assert list_terms(record) == terms
    assert is_found_alike(record, dataclasses.replace(record, turns=9))
    assert is_found_alike(_CHAT, record) == (not terms)


def test_old_number_still_finds() -> None:
    """Whose document was replaced is found by the old one: it may be the owner who calls."""
    change = Change(field=Field.PHONE, new="+573009998877", old=OnFile(("+573001112233",)))
    saved = SavedChange(code="ABCD2345", at=1, service_id=7, changes=(change,))

    (old,) = read_query("300 111 22 33").terms & list_terms(replace(_CHAT, last_change=saved))

    assert old == _term(_PHONE, "573001112233")
