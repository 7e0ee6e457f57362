"""`enlace texts`: list what customers read, check an installation's own words, preview one."""

import sys
import textwrap
from collections.abc import Iterator

from bot import bootstrap
from bot.channels.formatting import extract_bold
from bot.channels.whatsapp import shapes
from bot.own_texts import FILE, NoSuchText, find_near, read_texts
from bot.settings import Settings
from bot.text_rules import PHONE, count_lines, list_advice, list_allowed, list_kept
from handlers.texts import Company, Texts
from state.effects import Line, Say, Send
from state.messages import DEFAULTS, replace_texts
from state.messages.places import COMPANY, PLACES

_SEEN = 70  # characters of a text in the list
_SHARE = "Compartir mi número"


async def show(settings: Settings) -> None:
    """Print each text's name, whether it is the installation's own, and how it begins.

    Raises:
        SettingsError: the installation's own cannot be used.
    """
    own = read_texts(settings.data_dir)
    for name, ours in DEFAULTS.items():
        words = " ".join(own.get(name, ours).text.split())
        shown = textwrap.shorten(words, _SEEN, placeholder="…")
        _print(f"{'*' if name in own else ' '} {name:<24}{shown}")
    _print(f"{len(DEFAULTS)} texts, {len(own)} of them your own (*)")


async def check(settings: Settings) -> None:
    """Check the installation's own texts; print advice on those that could be better.

    Raises:
        SettingsError: they cannot be used; each fault is named with its remedy.
    """
    own = read_texts(settings.data_dir)
    for name, message in own.items():
        for advice in list_advice(name, message):
            _print(f"[{name}] {advice}")
    _print(f"{settings.data_dir / FILE}: OK, {len(own)} of {len(DEFAULTS)} texts are your own.")


async def preview(settings: Settings, name: str) -> None:
    """Print a text as both vendors show it on a small phone, and how to change it.

    Raises:
        NoSuchText: there is none of this name.
        SettingsError: the installation's own cannot be used.
    """
    if name not in DEFAULTS:
        raise NoSuchText(f"{name}: {find_near(name)}")
    replace_texts(read_texts(settings.data_dir))
    message = _render(settings, name)
    size = f"{len(message.text)} of {shapes.BODY} characters"
    _print(f"{name}: {size}, lines on a small phone: {count_lines(message.text)}")
    for vendor, lines in (("WhatsApp", _on_whatsapp(message)), ("Telegram", _on_telegram(message))):
        _print(f"\n{vendor}")
        for line in lines:
            _print(f"  | {line}")
    _print(f"\nIt may name: {_spell(list_allowed(name))}")
    _print(f"It must name: {_spell(list_kept(name)) or 'nothing'}")
    labels = ", ".join(f'{choice} = "{label}"' for choice, label in DEFAULTS[name].buttons)
    _print(f'\nTo change it, in {settings.data_dir / FILE}:\n\n[{name}]\ntexto = "…"')
    if labels:
        _print(f"botones = {{ {labels} }}")


def _render(settings: Settings, name: str) -> Send:
    """Render a text with examples in its places, and the company's own data where they are set."""
    ours = bootstrap.describe_company(settings)
    company = Company(
        name=ours.name or COMPANY["razon_social"].example,
        nit=ours.nit or COMPANY["nit"].example,
        address=ours.address or COMPANY["direccion_isp"].example,
        phone=ours.phone or COMPANY["tel_isp"].example,
        email=ours.email or COMPANY["email_isp"].example,
        privacy_url=ours.privacy_url or COMPANY["url_politica"].example,
    )
    values = {place: row.example for place, row in PLACES.items() if place not in COMPANY}
    say = Say(lines=(Line(text=name, values=values),), question=1, flow="ABCD23")
    return Texts(company).render(say, now=bootstrap.clock())


def _on_whatsapp(message: Send) -> Iterator[str]:
    body = shapes.content(message, asks_number=False)
    if body["type"] == "text":
        yield from _wrap(body["text"]["body"])
        return
    yield from _wrap(body["interactive"]["body"]["text"])
    action = body["interactive"]["action"]
    yield from (f"[{button['reply']['title']}]" for button in action.get("buttons", ()))
    for section in action.get("sections", ()):
        yield from (f"({row['title']})" for row in section["rows"])


def _on_telegram(message: Send) -> Iterator[str]:
    plain, _ = extract_bold(message)
    yield from _wrap(plain)
    if message.contact:
        yield f"[{_SHARE}]"
    yield from (f"[{button.label}]" for button in message.buttons)


def _wrap(text: str) -> Iterator[str]:
    for line in text.split("\n"):
        yield from textwrap.wrap(line, PHONE) or [""]


def _spell(places: list[str]) -> str:
    return ", ".join(f"{{{place}}}" for place in places)


def _print(line: str) -> None:
    sys.stdout.write(f"{line.rstrip()}\n")
