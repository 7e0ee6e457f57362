"""Where a sign-in leads back to."""

from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from handlers.console.next_path import read_next

_HERE = "https://enlace.example"
_PIECES = st.sampled_from(
    ["/", "//", "\\", "consola", "/consola", "..", ".", "%2e", "%5c", "@", ":", "https:", "evil",
     "?", "#", "&", "=", "\t", "\n", "\r", "\0", " ", ";", "é", "javascript:", "c", "entrar"]
)  # fmt: skip


@pytest.mark.parametrize(
    "path",
    ["/consola", "/consola/c/ab12", "/consola/solicitudes", "/consola?v=mios&after=12.ab",
     "/consola/auditoria?act=copy"],
)  # fmt: skip
def test_pages_of_the_console(path: str) -> None:
    """A page of the console is where one was."""
    assert read_next(path) == path


@pytest.mark.parametrize("path", ["", "/consola/entrar", "/consola/salir", "/consola/inicio/ab"])
def test_doors(path: str) -> None:
    """Signing in leads neither back to the door nor out again."""
    assert read_next(path) == ""


@given(st.lists(_PIECES).map("".join) | st.text())
@example("/consola\\@evil.example")
@example("/consola//evil.example")
@example("//evil.example/consola")
@example("/consola/../simulador")
@example("/consola\n")
@example("/consola.evil.example")
def test_nowhere_else(asked: str) -> None:
    """Whatever a link asks for, a sign-in stays on this site, under /consola, as it is written."""
    path = read_next(asked)
    led = urlsplit(urljoin(_HERE, path))

    assert path in (asked, "")
    assert (led.scheme, led.netloc) == ("https", "enlace.example")
    assert path == "" or led.path.split("/")[1] == "consola"
    assert not {"\\", "..", "//"} & {path[i : i + n] for i in range(len(path)) for n in (1, 2)}
    assert path.isprintable()
