"""Ways to deliver one-time codes; `ENLACE_CODES` chooses one."""

import sys
from typing import TYPE_CHECKING

from bot.channels.whatsapp.shapes import Body
from handlers.errors import CodeRefused, EnlaceError

if TYPE_CHECKING:
    from bot.channels.whatsapp.send import Graph


class NoCodes:
    """Staff read the codes out; none is sent."""

    async def send(self, phone: str, code: str) -> None:  # noqa: ARG002  # whatever they are
        """Refuse to send."""
        raise CodeRefused


class ConsoleCodes:
    """Prints codes on the terminal: for trials, and in place of an SMS sender."""

    async def send(self, phone: str, code: str) -> None:
        """Print the code, and the last two digits of its phone."""
        sys.stdout.write(f"Código para el número que termina en {phone[-2:]}: {code}\n")
        sys.stdout.flush()


class WhatsAppCodes:
    """Sends codes by WhatsApp, as an approved authentication template with a copy button."""

    def __init__(self, graph: "Graph", *, template: str, language: str) -> None:
        """Use this API and that template."""
        self._graph = graph
        self._template = template
        self._language = language

    async def send(self, phone: str, code: str) -> None:
        """Send it.

        Raises:
            CodeRefused: it was not accepted, or the result is unknown.
        """
        try:
            await self._graph.post(shape_code_message(phone, code, self._template, self._language))
        except EnlaceError as error:
            raise CodeRefused from error


def shape_code_message(phone: str, code: str, template: str, language: str) -> Body:
    """Build the request: the code is in the text and behind the button.

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
