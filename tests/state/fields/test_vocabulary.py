"""Words by what they mean, as people write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from state.fields.vocabulary import Vocabulary, spell_by_ear

ANY_WORD = st.text(st.characters(exclude_categories=()))
WORDS = Vocabulary(
    {"net": "internet wifi red", "bill": "factur* recibo", "no": "no sin"}, forgiven=5
)


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("internet", {"net"}),
        ("inernet", {"net"}),
        ("intenret", {"net"}),
        ("facturación", {"bill"}),
        ("facturas", {"bill"}),
        ("fatura", {"bill"}),
        ("facutra", {"bill"}),
        ("resibo", {"bill"}),
        ("recivo", {"bill"}),
        ("rde", set()),
        ("nternet", {"net"}),
        ("ecibo", set()),
        ("fractal", set()),
        ("", set()),
    ],
)
def test_word(word: str, meaning: set[str]) -> None:
    """A word is known by itself, its beginning, its sound, or with one error in it."""
    assert WORDS.find(word) == meaning
    assert WORDS.find(word) == meaning, "what is remembered is the same"


def test_all_that_a_word_may_mean() -> None:
    """Where several meanings are told apart later, every beginning of a word counts."""
    words = Vocabulary({"whole": "dejar", "short": "dej*", "long": "deja*"}, forgiven=5)

    assert words.find_all("dejar") == {"whole", "short", "long"}
    assert words.find_all("dejo") == {"short"}


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("sininternet", ["sin", "internet"]),
        ("nosinwifi", ["no", "sin", "wifi"]),
        ("internet", ["internet"]),
        ("sininternets", ["sininternets"]),
        ("nowifi", ["nowifi"]),
    ],
)
def test_words_written_together(said: str, words: list[str]) -> None:
    """A long word that is several is taken apart, if all of them are known."""
    assert WORDS.take_apart(said) == words


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("cedula", "sedula"), ("celular", "selular"), ("fallecio", "fayesio"), ("hacer", "aser"),
        ("quiero", "kiero"), ("servicio", "serbisio"), ("vuelvame", "buelbame"), ("perro", "pero"),
        ("empresa", "enpresa"), ("gente", "jente"), ("guasap", "wasap"), ("taxi", "tasi"),
    ],
)  # fmt: skip
def test_alike_by_ear(one: str, other: str) -> None:
    """Letters that sound alike are one."""
    assert spell_by_ear(one) == spell_by_ear(other)


@given(ANY_WORD)
def test_any_word_is_looked_up(word: str) -> None:
    """No word makes the table fail, and taken apart it is the same letters."""
    assert WORDS.find(word) <= {"net", "bill", "no"}
    assert "".join(WORDS.take_apart(word)) == word
