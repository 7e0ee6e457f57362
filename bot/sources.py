"""Where settings are written besides the environment: the file `.env`, and files of secrets.

The file `.env` is read line by line, as its author meant it. Nothing is expanded, no value goes
over several lines, and lines of other programs are passed over. Where programs differ in what a
line means, it is refused: docker compose and python-dotenv drop what follows ` #`, which in a
Colombian address is the number of the house.
"""

import codecs
import re
from pathlib import Path

from bot.pasting import QUOTES

_LINE = re.compile(r"\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*?)\s*", re.DOTALL)
_END = re.compile(r"\r\n|\r|\n")
_COMMENT = re.compile(r"(?:^|\s)#")
_IN_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_ANOTHER = "save it as UTF-8 (Notepad: Save as, Encoding)"


class SourceError(ValueError):
    """It cannot be read; the message names the place and the remedy, and no value."""


def read_file(path: Path, prefix: str) -> list[tuple[str, str]]:
    """List names, as they are written, and values of the lines whose name begins with `prefix`.

    A file that is not there has none. The prefix is looked for in any case.

    Raises:
        SourceError: it, or such a line, cannot be read.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return []
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read ({error.strerror}): make it a file that we may read"
        ) from None
    try:
        return parse(_decode(data), prefix)
    except SourceError as error:
        raise SourceError(f"{path}{error}") from None


def read_directory(path: Path, prefix: str) -> list[tuple[str, str]]:
    """List names and contents of the files whose name begins with `prefix`, in any case.

    Raises:
        SourceError: the directory is not there, or something in it cannot be read.
    """
    if not _is_directory(path):
        raise SourceError("no such directory; name the one with the files")
    try:
        files = [one for one in path.iterdir() if one.is_file()]
        named = [one for one in sorted(files) if one.name.upper().startswith(prefix)]
        return [(one.name, _decode(one.read_bytes())) for one in named]
    except OSError as error:
        raise SourceError(f"a file cannot be read ({error.strerror}): let us read it") from None
    except SourceError as error:
        raise SourceError(f"a file{error}") from None


def _is_directory(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a name that is too long
        return False


def parse(text: str, prefix: str) -> list[tuple[str, str]]:
    """List names and values, as `read_file`.

    Raises:
        SourceError: a line that begins with the prefix cannot be read.
    """
    found = []
    for number, line in enumerate(_END.split(text), 1):
        match = _LINE.fullmatch(line)
        ours = prefix.lower() in line.lower() and not line.lstrip().startswith("#")
        if match is None and ours:
            raise SourceError(f", line {number}: write {prefix}NAME=value")
        if match is None or not match[1].upper().startswith(prefix):
            continue
        try:
            found.append((match[1], _read_value(match[2])))
        except ValueError as error:
            raise SourceError(f", line {number}: {match[1]}: {error}") from None
    return found


def _decode(data: bytes) -> str:
    """Decode UTF-8 and UTF-16; bytes of another encoding become surrogates, refused by name."""
    try:
        text = (
            data.decode("utf-16")
            if data.startswith(_IN_UTF16)
            else data.decode("utf-8-sig", "surrogateescape")
        )
    except UnicodeError:
        text = "\0"
    if "\0" in text:
        raise SourceError(f" is not text: {_ANOTHER}")
    return text


def _read_value(text: str) -> str:
    closing = QUOTES.get(text[:1])
    if closing is None:
        if _COMMENT.search(text):
            raise ValueError(
                "put the value in quotes, it holds a #; a comment needs a line of its own"
            )
        return text
    inner, closed, rest = text[1:].partition(closing)
    if not closed:
        raise ValueError("the quote is not closed on this line")
    if rest and not re.fullmatch(r"\s+#.*", rest, re.DOTALL):
        raise ValueError(
            "put quotes around the whole value, single ones if it holds double ones, or around none"
        )
    if text[0] == '"' and "\\" in inner:
        raise ValueError("use single quotes, it holds a \\: programs differ in what that means")
    return inner
