"""An installation's own words: read, judged by name, said and understood everywhere."""

import asyncio
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis

from bot import production
from bot.commands import doctor, texts
from bot.own_texts import FILE, NoSuchText, adopt_texts, list_faults, read_texts
from bot.redis.checks import RedisUnfit
from bot.sandbox.server import Sandbox
from bot.settings import Settings, SettingsError
from bot.text_rules import list_advice
from handlers.pages.masking import mask_text
from handlers.texts import Texts
from state.events import Pressed, Said
from state.journal import Entry, Kind
from state.messages import CATALOGUE, DEFAULTS, replace_texts
from state.states import State
from tests.house_stage import HouseStage
from tests.machine_stage import COMPANY
from tests.waiting import HUNG

_OWN = """
[hola]
texto = "¡Quiubo, {saludo}! Aquí {isp}. ¿Arrancamos?"
botones = { start = "De una, arranquemos" }

[consent]
texto = "{razon_social} (NIT {nit}) le pide permiso. ¿Nos deja?"
botones = { agree = "Sí, los dejo" }

[id_metodo]
botones = { by_service = "El código del poste" }
"""


@pytest.fixture(autouse=True)
def ours_again() -> Iterator[None]:
    """Our own words are said again after each test."""
    yield
    replace_texts({})


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox, tmp_path: Path) -> AsyncIterator[HouseStage]:
    """A house in its own words."""
    (tmp_path / FILE).write_text(_OWN, "utf-8")
    adopt_texts(tmp_path)
    staged = HouseStage(redis, sandbox)
    yield staged
    await staged.aclose()


def _read(path: Path, text: str) -> str:
    """Read a file with that text; gives what is wrong with it."""
    (path / FILE).write_text(text, "utf-8")
    return "; ".join(list_faults(path))


def test_no_file(tmp_path: Path) -> None:
    """Without a file everything is said in our words."""
    adopt_texts(tmp_path)

    assert CATALOGUE == DEFAULTS


def test_replaced(tmp_path: Path) -> None:
    """What is written is replaced and nothing else: no choice, no flag, no other text."""
    (tmp_path / FILE).write_bytes(b"\xef\xbb\xbf" + _OWN.replace("\n", "\r\n").encode())

    own = read_texts(tmp_path)

    assert own.keys() == {"hola", "consent", "id_metodo"}
    assert own["hola"].text == "¡Quiubo, {saludo}! Aquí {isp}. ¿Arrancamos?"
    assert own["hola"].buttons == (("start", "De una, arranquemos"), DEFAULTS["hola"].buttons[1])
    assert own["id_metodo"].text == DEFAULTS["id_metodo"].text
    assert [name for name, _ in own["consent"].buttons] == ["agree", "refuse", "more"]


_FAULTS = [
    ("[holaa]\ntexto = 'x'", "[holaa] no text has this name: did you mean hola?"),
    ("[zzzz]\ntexto = 'x'", "[zzzz] no text has this name: `enlace texts list`"),
    ("hola = 'x'", "[hola] write it as a table"),
    ("[hola]\ntext = 'x'", "[hola] has text: only texto and botones are known"),
    ("[hola]\ntexto = 7", "[hola] texto must be words"),
    ("[hola]\ntexto = ' '", "[hola] is empty"),
    ("[hola]\ntexto = 'Hola {'", "[hola] has a brace that is no place"),
    ("[hola]\ntexto = 'Hola {}'", "[hola] has a brace that is no place"),
    ("[hola]\ntexto = 'Hola {isp!r}'", "[hola] has a brace that is no place"),
    ("[hola]\ntexto = 'Hola {isp:>9}'", "[hola] has a brace that is no place"),
    ("[hola]\ntexto = 'Hola {isp.x}'", "[hola] has a brace that is no place"),
    ("[hola]\ntexto = 'Hola {nombre}'", "[hola] names {nombre}, which nothing fills here; it may"),
    ("[hola]\ntexto = '{codigo}'", "[hola] names {codigo}"),
    ("[ok]\ntexto = 'Listo'", "must name {mensaje_operacion}, {doc_nuevo}, {tel_nuevo}, {codigo}"),
    ("[consent]\ntexto = '¿Autoriza?'", "[consent] must name {razon_social}, {nit}"),
    ("[consent_mas]\ntexto = '{nit}'", "{direccion_isp}, {tel_isp}, {email_isp}, {url_politica}"),
    ("[otp_nuevo]\ntexto = 'Escriba el código'", "[otp_nuevo] must name {ult2}"),
    ("[hola]\nbotones = 'x'", "[hola] botones must be labels by choice"),
    ("[hola]\nbotones = { start = 1 }", "[hola] botones must be labels by choice"),
    ("[hola]\nbotones = { go = 'x' }", "[hola] has no choice go; its choices are: start, person"),
    ("[atras]\nbotones = { go = 'x' }", "[atras] has no choice go; its choices are: none"),
    ("[hola]\nbotones = { start = '' }", "[hola] the label of start must be plain words"),
    ("[hola]\nbotones = { start = 'a {isp}' }", "[hola] the label of start must be plain words"),
    ("[hola]\nbotones = { start = 'Empecemos de una vez ya' }", "has 23 characters, and 20 fit"),
    ("[hola]\nbotones = { start = 'Hablar con Asesor' }", "[hola] its labels cannot be told apart"),
    ("[hola]\nbotones = { start = '2' }", "[hola] the label of start must be plain words"),
    ("[hola\n", "not TOML"),
]


@pytest.mark.parametrize(("text", "told"), _FAULTS)
def test_fault(tmp_path: Path, text: str, told: str) -> None:
    """What would fail at a customer is refused by the text's name, with the remedy."""
    assert told in _read(tmp_path, text)


def test_too_long(tmp_path: Path) -> None:
    """A text is as long as it becomes with the longest values in its places."""
    short, long = "x" * 960, "x" * 970

    assert _read(tmp_path, f"[hola]\ntexto = '{short} {{isp}}'") == ""
    assert "has 1031 characters once its places" in _read(
        tmp_path, f"[hola]\ntexto = '{long} {{isp}}'"
    )


def test_every_fault_at_once(tmp_path: Path) -> None:
    """All faults are told together, not one at each start."""
    told = _read(tmp_path, "[holaa]\ntexto = 'x'\n[ok]\ntexto = 'y'\n[hola]\ntexto = ''")

    assert told.startswith(f"{tmp_path / FILE}: ")
    assert [name for name in ("[holaa]", "[ok]", "[hola]") if name in told] == [
        "[holaa]",
        "[ok]",
        "[hola]",
    ]


def test_no_utf8(tmp_path: Path) -> None:
    """A file in another encoding is refused, not guessed."""
    (tmp_path / FILE).write_bytes("[hola]\ntexto = 'Buenos días'".encode("latin-1"))

    assert list_faults(tmp_path) == [f"{tmp_path / FILE}: save it as UTF-8"]


def test_ours_pass(tmp_path: Path) -> None:
    """Our own words, written into the file, are no fault."""
    written = "\n".join(
        f"[{name}]\ntexto = '''\n{message.text}'''\nbotones = {{ "
        + ", ".join(f"{choice} = '{label}'" for choice, label in message.buttons)
        + " }"
        for name, message in DEFAULTS.items()
    )

    assert _read(tmp_path, written) == ""
    assert read_texts(tmp_path) == DEFAULTS


def test_pages_hold(tmp_path: Path) -> None:
    """What the pages for owners and operators show can be copied as it stands."""
    docs = Path(__file__).parents[2] / "docs"
    pages = [(docs / page).read_text("utf-8") for page in ("es/textos.md", "operations.md")]
    shown = [it for page in pages for it in re.findall(r"(?ms)^```\n(\[.*?)^```", page)]

    assert len(shown) == 3
    assert [_read(tmp_path, text) for text in shown] == ["", "", ""]


def test_advice(tmp_path: Path) -> None:
    """A text that speaks of a button which is called otherwise now, or is too long, is told of."""
    _read(tmp_path, "[consent]\nbotones = { more = 'Leer más' }\n")
    (stale,) = list_advice("consent", read_texts(tmp_path)["consent"])
    _read(tmp_path, f"[despedida]\ntexto = '{'Con mucho gusto. ' * 40}'\n")
    (long,) = list_advice("despedida", read_texts(tmp_path)["despedida"])

    assert stale == "speaks of *Ver más*, but that button is called otherwise now"
    assert long.startswith("takes 24 lines of a small phone")


async def test_said_and_understood(stage: HouseStage) -> None:
    """Own words are said, and own labels are understood, typed, numbered or pressed."""
    await stage.happen(Said(text="hola"))
    hola = stage.heard()[-1]
    await stage.happen(Said(text="de una arranquemos"))
    consent = stage.heard()[-1]
    await stage.happen(Pressed(button=consent.buttons[0].id))
    await stage.happen(Said(text="prefiero no hacerlo"))
    await stage.happen(Said(text="el codigo del poste"))

    assert hola.text == "¡Quiubo, buenos días! Aquí FibraNet. ¿Arrancamos?"
    assert [button.label for button in hola.buttons] == ["De una, arranquemos", "Hablar con asesor"]
    assert consent.text.startswith("FibraNet (NIT 900123456-8) le pide permiso.")
    assert consent.buttons[0].label == "Sí, los dejo"
    key = stage.store.key(stage.chat)
    assert (await stage.store.conversations.find(key)).state is State.SERVICE
    (record,) = await stage.store.consents.read(key)
    assert record.consent.words == "Sí, los dejo"
    assert record.consent.terms == Texts(COMPANY).terms


def test_terms_change(tmp_path: Path) -> None:
    """Who agrees to other words agrees to another text: its hash tells."""
    ours = Texts(COMPANY).terms
    _read(tmp_path, _OWN)
    adopt_texts(tmp_path)

    assert Texts(COMPANY).terms != ours


def test_staff_read_labels(tmp_path: Path) -> None:
    """What buttons say, in our words or the installation's, is hidden from no staff."""
    _read(tmp_path, _OWN)
    adopt_texts(tmp_path)
    line = Entry(kind=Kind.CUSTOMER, at=0, text="Prefiero no hacerlo", state=State.NAME,
                 answers=State.NAME)  # fmt: skip

    assert mask_text(line) == "Prefiero no hacerlo"


def test_start_is_refused(tmp_path: Path) -> None:
    """An installation with a text that cannot be said does not start; nor does one without keys."""
    _read(tmp_path, "[ok]\ntexto = 'Listo'")

    with pytest.raises(SettingsError, match=r"SECRET_KEYS is missing.*\[ok\] must name"):
        production.require(Settings(data_dir=tmp_path), web=True)


@pytest.mark.slow
def test_exit_code(tmp_path: Path) -> None:
    """`enlace texts check` ends with the code of unusable settings, and names the fault."""
    (tmp_path / FILE).write_text("[holaa]\ntexto = 'x'", "utf-8")

    told = subprocess.run(
        [sys.executable, "-m", "bot", "texts", "check"],
        env={"PATH": "", "ENLACE_DATA_DIR": str(tmp_path)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=HUNG,
        check=False,
    )

    assert told.returncode == 78
    assert "[holaa] no text has this name: did you mean hola?" in told.stderr


def test_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The commands list own texts, check them, and show one as both vendors do."""
    _read(tmp_path, _OWN)
    chosen = Settings(data_dir=tmp_path, company_name="Fibra", secret_keys=SecretStr(""))

    asyncio.run(texts.show(chosen))
    listed = capsys.readouterr().out
    asyncio.run(texts.check(chosen))
    checked = capsys.readouterr().out
    asyncio.run(texts.preview(chosen, "consent"))
    seen = capsys.readouterr().out

    assert "* hola                    ¡Quiubo, {saludo}!" in listed
    assert listed.endswith(f"{len(DEFAULTS)} texts, 3 of them your own (*)\n")
    assert checked.endswith(f"OK, 3 of {len(DEFAULTS)} texts are your own.\n")
    assert "  | Fibra (NIT 900123456-8) le pide\n" in seen
    assert "  | [Sí, los dejo]\n  | [No autorizo]\n  | [Ver más]\n" in seen
    assert "It must name: {razon_social}, {nit}\n" in seen


@pytest.mark.parametrize("name", DEFAULTS)
def test_preview(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every text can be looked at as it stands, with no line wider than a small phone."""
    asyncio.run(texts.preview(Settings(data_dir=tmp_path), name))

    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  | ")]
    assert lines
    assert max(map(len, lines)) <= 4 + 32
    assert not any("{" in line for line in lines)


async def test_doctor(
    redis_url: str, redis: Redis, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The doctor tells of texts that could be better, and that no start is possible with others."""
    assert await redis.ping()
    keys = SecretStr("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")
    chosen = Settings(redis_url=SecretStr(redis_url), data_dir=tmp_path, secret_keys=keys)
    _read(tmp_path, "[consent]\nbotones = { more = 'Leer más' }\n")
    await doctor.examine(chosen)
    told = capsys.readouterr().out
    _read(tmp_path, "[holaa]\ntexto = 'x'")

    with pytest.raises(RedisUnfit, match="1 fatal problem"):
        await doctor.examine(chosen)
    assert "warning: textos.toml: [consent] speaks of *Ver más*" in told
    assert "[holaa] no text has this name" in capsys.readouterr().out


async def test_no_such_text(tmp_path: Path) -> None:
    """A name that no text has is told with the one that may be meant."""
    with pytest.raises(NoSuchText, match="resumenn: did you mean resumen"):
        await texts.preview(Settings(data_dir=tmp_path), "resumenn")
