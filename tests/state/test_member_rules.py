"""What members may be called, and what their passwords may not be."""

import pytest

from state.members import NameProblem, PasswordProblem, find_problem, skeleton
from state.store import password_rules

_COMPANY = "FibraNet"


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("Ana", None),
        ("José Ñáñez-O'Neill Jr.", None),
        ("Li", None),
        ("x" * 40, None),
        ("A", NameProblem.LENGTH),
        ("x" * 41, NameProblem.LENGTH),
        (" \u200b ", NameProblem.LENGTH),
        ("Аna", NameProblem.LETTERS),  # Cyrillic А
        ("ana@fibranet", NameProblem.LETTERS),
        ("api:ABCDEF", NameProblem.LETTERS),
        ("Ana\u202eana", None),  # what cannot be seen is dropped
        ("ana\nluis", None),  # a blank
        ("12 34", NameProblem.LETTERS),
        ("bot", NameProblem.RESERVED),
        ("B0T", NameProblem.RESERVED),
        ("ｂｏｔ", NameProblem.RESERVED),
        ("Fi1a", NameProblem.RESERVED),
        ("ce-lu.lar", NameProblem.RESERVED),
        ("Asístente", NameProblem.RESERVED),
        ("Pide una persona", NameProblem.RESERVED),
        ("WhatsApp", NameProblem.RESERVED),
        ("fibra net", NameProblem.RESERVED),
    ],
)
def test_names(name: str, problem: NameProblem | None) -> None:
    """A member has a plain name that nobody else who speaks in a chat has."""
    assert find_problem(name, also=[_COMPANY]) is problem


@pytest.mark.parametrize("other", ["ana maria", "ANA MARÍA", "Ana-Maria", "Ana Marla", "Ana Mar1a"])
def test_look_alikes(other: str) -> None:
    """Case, accents, marks, and letters that look like digits make no other name."""
    assert skeleton("Ana María") == skeleton(other)


def test_other_names_are_others() -> None:
    """Names that differ by a letter are different names."""
    assert len({skeleton(name) for name in ("Ana", "Anna", "Eva", "Juan", "Juana", "Luis")}) == 6


@pytest.mark.parametrize(
    "password",
    [
        "1234567890", "0987654321", "contraseña123", "Contrasena2026", "password123", "qwertyuiop",
        "qwerty123456", "aaaaaaaaaa", "abcdefghij", "fibranet2026", "FibraNet123!", "f1br4n3t2026",
        "anamaria123", "AnaMaria2026", "colombia2026", "Bogota2026*", "millonarios1",
        "nacional1947", "administrador", "Administrador1", "enlace2026!", "internet123",
        "iloveyou123", "asesor12345", "28/02/1990.", "3001234567", "hola123456", "teamomucho1",
        "contraseñacontraseña", "clave12345", "soporte2026", "diosesfiel", "fqrg7cs493",
        "FQRG7CS493", "telechargement",
    ],
)  # fmt: skip
def test_common_passwords(password: str) -> None:
    """What is in lists of common passwords, or made from what everybody knows here, is refused."""
    found = password_rules.find_problem(password, ["Ana María", _COMPANY])

    assert found is PasswordProblem.COMMON


@pytest.mark.parametrize(
    "password",
    [
        "una-clave-larga", "correct horse", "tres gatos duermen al sol", "xK9#mQ2$vL",
        "lluvia morada en julio", "🐈 duerme en la teja", "  espacios al borde  ",
        "wwwZr8!kPq2",
        "z" * 20 + "k7Qp#2mVx9" * 5,
    ],
)  # fmt: skip
def test_good_passwords(password: str) -> None:
    """Any characters make a password, blanks too; none of them must be of a certain kind."""
    assert password_rules.find_problem(password, ["Ana María", _COMPANY]) is None


@pytest.mark.parametrize(
    ("length", "problem"),
    [(9, PasswordProblem.SHORT), (10, None), (128, None), (129, PasswordProblem.LONG)],
)
def test_lengths(length: int, problem: PasswordProblem | None) -> None:
    """A password has ten characters at least, and 128 at most."""
    assert password_rules.find_problem(("k7Qp#2mVx9" * 13)[:length]) is problem
