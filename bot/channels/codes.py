"""How one-time codes come to a phone; which way, `ENLACE_CODES` says."""

import sys
from typing import TYPE_CHECKING

from bot.channels.whatsapp_shapes import Body
from handlers.errors import CodeRefused, EnlaceError

if TYPE_CHECKING:
    from bot.channels.whatsapp import Graph


class NoCodes:
    """Codes are read out by staff; none is sent."""

    async def send(self, phone: str, code: str) -> None:  # noqa: ARG002  # whatever they are
        """Refuse."""
        raise CodeRefused


class ConsoleCodes:
    """Codes are written to the terminal: for trials, and in place of an SMS sender."""

    async def send(self, phone: str, code: str) -> None:
        """Write the code, and the last two digits of where it should go."""
        sys.stdout.write(f"Código para el número que termina en {phone[-2:]}: {code}\n")
        sys.stdout.flush()


class WhatsAppCodes:
    """Codes go out by WhatsApp, as an approved authentication template with a copy button."""

    def __init__(self, graph: "Graph", *, template: str, language: str) -> None:
        """Call this API, with that template."""
        self._graph = graph
        self._template = template
        self._language = language

    async def send(self, phone: str, code: str) -> None:
        """Send it.

        Raises:
            CodeRefused: it was not taken, or nobody knows.
        """
        try:
            await self._graph.post(shaped(phone, code, self._template, self._language))
        except EnlaceError as error:
            raise CodeRefused from error


def shaped(phone: str, code: str, template: str, language: str) -> Body:
    """Shape the message: the code stands in the text and behind the button.

    Source: Meta, "Authentication templates with a copy code button": both components are needed.
    """
    value = {"type": "text", "text": code}
    button = {"type": "button", "sub_type": "url", "index": "0", "parameters": [value]}
    return {
        "messaging_product": "whatsapp",
        "to": phone,
        "type": "template",
        "template": {
            "name": template,
            "language": {"code": language},
            "components": [{"type": "body", "parameters": [value]}, button],
        },
    }
