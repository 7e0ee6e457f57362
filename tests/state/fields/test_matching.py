"""What is said of a file: the samples, attacks, and what holds for any text."""

import tomllib
import unicodedata
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from state.fields import matching
from state.fields.folding import LONGEST
from state.fields.matching import Match
from tests.growth import assert_reads_long_texts

Judge = Callable[[str, str], Match]

JUDGES: dict[str, Judge] = {
    "name": matching.name,
    "address": matching.address,
    "plan": matching.plan,
    "price": matching.price,
}
TABLE: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("matching.toml").read_text(encoding="utf-8")
)
SAMPLES = [
    pytest.param(field, typed, group["on_file"], verdict, id=f"{field}: {reason}: {typed!r}")
    for field in JUDGES
    for group in TABLE[field]
    for verdict in Match
    for typed, reason in group.get(verdict, {}).items()
]
TOLD = [pytest.param(case, id=case["reason"]) for case in TABLE["told"]]

FILE = ("Juan García", "Calle 10 # 5-20", "Plan 10MB", "40000.00")
EACH = tuple(zip(JUDGES.values(), FILE, strict=True))
ANY_TEXT = st.text(st.characters(exclude_categories=()))
LETTERS = "abcdefghijklmnopqrstuvwxyzñáéíóúü"
WORD = st.text(LETTERS, min_size=4, max_size=9)
NUMBER = st.integers(1, 199).map(str)
ANY_JUDGE = st.sampled_from(list(JUDGES.values()))
USUAL = st.sampled_from(("calle", "cra", "mb", "plan", "de", "la", "a", "10a", "juan"))
PIECES = st.lists(WORD | NUMBER | USUAL, max_size=8)


def bare(text: str) -> str:
    """Strip the accents that Spanish has."""
    kept = (c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))
    return "".join(kept)


@pytest.mark.parametrize(("field", "typed", "on_file", "expected"), SAMPLES)
def test_sample(field: str, typed: str, on_file: str, expected: Match) -> None:
    """A field is judged as its sample says."""
    assert JUDGES[field](typed, on_file) is expected


@pytest.mark.parametrize("case", TOLD)
def test_whole_answers(case: dict[str, Any]) -> None:
    """The four answers of somebody are judged each, and then as a whole."""
    judges, typed = JUDGES.values(), case["typed"]
    verdicts = [judge(said, known) for judge, said, known in zip(judges, typed, FILE, strict=True)]

    assert verdicts == case["verdicts"]
    assert matching.knows(*verdicts) is case.get("knows", False)


def test_knowledge() -> None:
    """Of all 81 results only name, address and one more are knowledge."""
    enough = {verdicts for verdicts in product(Match, repeat=4) if matching.knows(*verdicts)}

    assert enough == {
        (Match.RIGHT, Match.RIGHT, plan, price)
        for plan, price in product(Match, repeat=2)
        if Match.RIGHT in (plan, price)
    }


@pytest.mark.parametrize(
    "piece", ["a", " ", "1", "1 ", "a1", "10a", "juan ", "1.", "ﷺ", "⑳", "ñ", "-"]
)
def test_long_texts_take_no_time(piece: str) -> None:
    """However shaped, on either side, the work grows with a text's length, while it is read."""
    for judge in JUDGES.values():

        def either(text: str, judge: Judge = judge) -> None:
            judge(text, text)
            judge(text, "Juan García 10 # 5-20")
            judge("juan gracia 10 5", text)

        assert_reads_long_texts(either, piece)


@pytest.mark.parametrize(("judge", "on_file"), EACH)
def test_what_is_too_long_is_not_cut(judge: Judge, on_file: str) -> None:
    """The right answer at the head of a very long one is not given."""
    assert judge(on_file + " " * 100_000 + "x", on_file) is Match.NOT_GIVEN
    assert judge(on_file + " ﷺ" * 100, on_file) is Match.NOT_GIVEN  # grows to 1800


@pytest.mark.parametrize(("judge", "on_file"), EACH)
def test_no_single_character_is_ever_right(judge: Judge, on_file: str) -> None:
    """No character of the Latin alphabet, no sign and no digit passes by itself or repeated."""
    for character in map(chr, range(0x250)):
        assert judge(character, on_file) is not Match.RIGHT
        assert judge(f"{character} {character}", on_file) is not Match.RIGHT
        assert judge(character * 3, on_file) is not Match.RIGHT


@pytest.mark.parametrize(
    ("field", "cores"),
    [
        ("name", {"Juan Garcí"}),  # the last letter is one error
        ("address", {"10 # 5", "5-20"}),
        ("plan", {"10"}),
        ("price", {"40000"}),
    ],
)
def test_parts_of_a_file_are_not_right(field: str, cores: set[str]) -> None:
    """What is cut out of a file passes only with all that it takes, whole."""
    judge, on_file = JUDGES[field], FILE[list(JUDGES).index(field)]
    ends = range(len(on_file) + 1)
    parts = {on_file[i:j] for i in ends for j in ends[i:]}
    right = {part for part in parts if judge(part, on_file) is Match.RIGHT}

    assert cores <= right
    assert all(any(core in part for core in cores) for part in right)


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_is_judged(typed: str, on_file: str) -> None:
    """No text, not even half a surrogate, makes a judge fail."""
    for judge in JUDGES.values():
        assert judge(typed, on_file) in Match


@given(ANY_TEXT)
def test_a_file_is_never_wrong_about_itself(text: str) -> None:
    """The file's own spelling is right, or too little."""
    for judge in JUDGES.values():
        assert judge(text, text) is not Match.WRONG


@given(st.lists(WORD, min_size=2, max_size=5, unique_by=bare))
def test_own_name_is_right(words: list[str]) -> None:
    """Any two words of a name and more are right."""
    assume(not {bare(word) for word in words} & (matching._CALLED | matching._UNKNOWING))

    for count in range(2, len(words) + 1):
        assert matching.name(" ".join(words[-count:]), " ".join(words)) is Match.RIGHT


@given(st.lists(NUMBER, min_size=2, max_size=4, unique=True), st.lists(WORD, max_size=3))
def test_own_address_is_right(numbers: list[str], words: list[str]) -> None:
    """An address with two numbers is right in its own spelling, and so are two of its numbers."""
    on_file = " ".join([*words, *numbers])

    assert matching.address(on_file, on_file) is Match.RIGHT
    assert matching.address(" ".join(numbers[:2]), on_file) is Match.RIGHT


@given(NUMBER, WORD)
def test_own_plan_is_right(number: str, word: str) -> None:
    """A plan is right in its own spelling, and with its units spelt out."""
    assert matching.plan(f"{word} {number} megas", f"Plan {word} {number}MB") is Match.RIGHT


@given(st.integers(1_000, 999_999))
def test_own_price_is_right(pesos: int) -> None:
    """A price is right however its thousands and cents are written."""
    dotted = f"{pesos:,}".replace(",", ".")
    for typed in (str(pesos), f"{pesos:,}", dotted, f"${pesos:,}.00", f"{dotted},00", f"{pesos}.0"):
        assert matching.price(typed, f"{pesos}.00") is Match.RIGHT


@given(st.integers(1_000, 999_999), st.integers(1_000, 999_999))
def test_another_price_is_wrong(said: int, pesos: int) -> None:
    """What is over one per cent and over half a thousand away is wrong."""
    assume(abs(said - pesos) > max(pesos / 100, 500))

    assert matching.price(str(said), f"{pesos}.00") is Match.WRONG


@given(PIECES, PIECES)
def test_who_knows_nothing_is_never_right(said: list[str], known: list[str]) -> None:
    """What shares no word or number with the file is never right."""
    taken = {bare(piece) for piece in known}
    typed = " ".join(piece for piece in said if bare(piece) not in taken and piece != "10a")
    assume("10a" not in taken or "10" not in said)

    for judge in (matching.name, matching.address, matching.plan):
        assert judge(typed, " ".join(known)) is not Match.RIGHT


@given(st.lists(WORD, min_size=2, max_size=4), st.lists(WORD, min_size=2, max_size=4))
def test_at_most_one_word_of_a_name_is_unknown(said: list[str], known: list[str]) -> None:
    """Of a right name all words but one are on file, letter by letter."""
    pool = {bare(word) for word in known}
    verdict = matching.name(" ".join(said), " ".join(known))

    assert verdict is not Match.RIGHT or len({bare(word) for word in said} - pool) <= 1


@given(ANY_JUDGE, st.data())
def test_order_case_and_accents_do_not_matter(judge: Judge, data: st.DataObject) -> None:
    """The same words in another order, in capitals or without accents are judged alike."""
    known = data.draw(PIECES)
    said = data.draw(st.lists(st.sampled_from(known), max_size=5) if known else PIECES)
    said += data.draw(st.lists(WORD | NUMBER, max_size=1))
    on_file = " ".join(known)
    verdict = judge(" ".join(said), on_file)

    assert judge(" ".join(said).upper(), on_file) is verdict
    assert judge(bare(" ".join(said)), on_file) is verdict
    assert judge(" ".join(said), bare(on_file).upper()) is verdict
    if judge is not matching.price:  # "40 000" is one number
        assert judge(" ".join(data.draw(st.permutations(said))), on_file) is verdict


@given(ANY_JUDGE, PIECES, PIECES, st.integers(2, 4))
def test_repeating_adds_nothing(judge: Judge, said: list[str], known: list[str], n: int) -> None:
    """What is typed several times is never more right than once."""
    once, often = " ".join(said), " ".join(said * n)
    assume(len(often) <= LONGEST)
    assume(judge is not matching.price)  # "100 100" is one number

    if judge(once, " ".join(known)) is not Match.RIGHT:
        assert judge(often, " ".join(known)) is not Match.RIGHT


@given(
    st.sampled_from([matching.name, matching.address]),
    st.lists(st.text(LETTERS, min_size=1, max_size=3) | st.integers(0, 9).map(str), max_size=40),
)
def test_a_list_of_guesses_is_never_right(judge: Judge, guesses: list[str]) -> None:
    """However many syllables and digits are typed, they are not this customer's."""
    assert judge(" ".join(guesses), "Yolanda Buitrago 57 # 43-98 Altamira") is not Match.RIGHT
