"""Texts of the machine's messages, filled with the company's data."""

from dataclasses import dataclass
from hashlib import sha256

from handlers import local
from state.effects import Button, Line, Say, Send, button_id
from state.messages import CATALOGUE, TERMS

_OTHERS = ("mensaje_operacion", "pregunta")


@dataclass(frozen=True, slots=True, kw_only=True)
class Company:
    """The company: shown in the greeting and wherever consent is asked for (Ley 1581)."""

    name: str
    nit: str
    address: str
    phone: str
    email: str
    privacy_url: str


class Texts:
    """The message catalogue for one company."""

    def __init__(self, company: Company) -> None:
        """Use this company's data."""
        self._company = {
            "isp": company.name,
            "razon_social": company.name,
            "nit": company.nit,
            "direccion_isp": company.address,
            "tel_isp": company.phone,
            "email_isp": company.email,
            "url_politica": company.privacy_url,
        }
        shown = [CATALOGUE[name].text.format_map(self._company) for name in TERMS]
        self.terms = sha256("\n\n".join(shown).encode()).hexdigest()
        """Identifies the exact text of the consent, with what stands behind its button "more"."""

    def render(self, say: Say, *, now: int) -> Send:
        """Render one message; the operation's message stays verbatim."""
        values = {**self._company, "saludo": local.greeting(now)}
        texts = [CATALOGUE[line.text].text.format_map(values | line.values) for line in say.lines]
        last = CATALOGUE[say.lines[-1].text]
        return Send(
            text="\n\n".join(texts),
            member=say.member,
            contact=last.contact,
            prompt=say.question if say.prompt else 0,
            verbatim=next((v for line in say.lines for v in _verbatim(line)), ""),
            personal=any(CATALOGUE[line.text].personal for line in say.lines),
            begins=say.question if last.progress else 0,
            ends=say.ends,
            buttons=tuple(
                Button(choice=choice, label=label, id=button_id(say.flow, say.question, choice))
                for choice, label in say.choices or last.buttons
            ),
        )


def _verbatim(line: Line) -> list[str]:
    """List the verbatim parts of a line: the operation's message, staff's question."""
    return [value for name, value in line.values.items() if name in _OTHERS]
