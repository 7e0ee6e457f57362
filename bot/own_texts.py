"""An installation's own words for customers: `textos.toml` in its data directory.

    [hola]
    texto = "Hola, {saludo}. Soy el asistente de {isp}."
    botones = { start = "Comenzar" }

What is not in it is said in our words. All faults are told at once, each by the text's name.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from bot.settings import SettingsError
from bot.text_rules import judge_labels, judge_text
from state.messages import DEFAULTS, replace_texts
from state.messages.message import Message

FILE = "textos.toml"

_WORDS = "texto"
_LABELS = "botones"


class NoSuchText(Exception):
    """No text has this name."""


def adopt_texts(data_dir: Path) -> None:
    """Say this installation's own texts from now on.

    Raises:
        SettingsError: the file cannot be used.
    """
    replace_texts(read_texts(data_dir))


def read_texts(data_dir: Path) -> dict[str, Message]:
    """Read the installation's own texts by their names; none if there is no file.

    Raises:
        SettingsError: the file cannot be used; the message names every fault, with its remedy.
    """
    tables = _read_file(data_dir / FILE)
    faults = [f"[{name}] {fault}" for name in tables for fault in _judge(name, tables[name])]
    if faults:
        raise SettingsError(f"{data_dir / FILE}: {'; '.join(faults)}")
    return {name: _build(name, table) for name, table in tables.items()}


def list_faults(data_dir: Path) -> list[str]:
    """List why the file cannot be used; nothing if it can."""
    try:
        read_texts(data_dir)
    except SettingsError as error:
        return [str(error)]
    return []


def find_near(name: str) -> str:
    """Tell which text may be meant by a name that none has."""
    near = get_close_matches(name, DEFAULTS, n=1)
    return f"did you mean {near[0]}?" if near else "`enlace texts list` prints the names"


def _read_file(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise SettingsError(f"{path}: save it as UTF-8") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f'{path}: not TOML: {error}; words stand between "quotes", or three on each side'
        ) from None


def _judge(name: str, table: Any) -> Iterator[str]:
    """Tell what is wrong with one table of the file."""
    if name not in DEFAULTS:
        yield f"no text has this name: {find_near(name)}"
    elif not isinstance(table, dict):
        yield f'write it as a table: [{name}], and below it {_WORDS} = "…"'
    else:
        yield from _judge_table(name, table)


def _judge_table(name: str, table: dict[str, Any]) -> Iterator[str]:
    unknown = table.keys() - {_WORDS, _LABELS}
    if unknown:
        yield f"has {', '.join(sorted(unknown))}: only {_WORDS} and {_LABELS} are known"
    words, labels = table.get(_WORDS), table.get(_LABELS, {})
    if words is not None and not isinstance(words, str):
        yield f'{_WORDS} must be words: {_WORDS} = "…"'
    elif words is not None:
        yield from judge_text(name, words)
    if isinstance(labels, dict) and all(isinstance(label, str) for label in labels.values()):
        yield from judge_labels(name, labels)
    else:
        yield f'{_LABELS} must be labels by choice: {_LABELS} = {{ start = "…" }}'


def _build(name: str, table: dict[str, Any]) -> Message:
    ours = DEFAULTS[name]
    labels = {choice: label.strip() for choice, label in table.get(_LABELS, {}).items()}
    buttons = tuple((choice, labels.get(choice, label)) for choice, label in ours.buttons)
    return replace(ours, text=table.get(_WORDS, ours.text).strip(), buttons=buttons)
