"""The simulated phone as a channel: as strict about a message as the vendor that it imitates."""

from dataclasses import replace

from bot.channels import loose
from bot.channels.whatsapp import shapes
from handlers.errors import CodeRefused, Undeliverable
from handlers.ports import Clock, OutgoingMessage
from state.conversation import Chat
from state.effects import Send
from state.lengths import MESSAGE
from state.store.simulator import Bubble, Shape
from state.store.store import Store

WHATSAPP = "whatsapp"
TELEGRAM = "telegram"

TEXT = MESSAGE
"""Characters of a message, for both vendors."""

WITH_BUTTONS = 1024
"""Characters of a WhatsApp message with buttons."""

BUTTONS = 3
LABEL = 20
ROWS = 10
"""Choices of a list; more than three buttons become a list."""

ROW = 72
"""Characters of a choice, including its description."""

BUTTON_ID = 64
"""Bytes of the data in a Telegram button."""


class SimulatorChannel:
    """Shows messages on simulated phones."""

    pace = None
    """No rate limit."""

    settling = 0.0
    """There are no receipts."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Use the phones and the feed of this store."""
        self._store = store
        self._clock = clock

    async def send(self, outgoing: OutgoingMessage) -> str:
        """Show one message.

        Raises:
            Undeliverable: the vendor that the phone imitates would reject it.
        """
        chat, message = outgoing.chat, outgoing.message
        problem = refusal(message, look=chat.account)
        if problem:
            raise Undeliverable(problem)
        bubble = present(message, look=chat.account, asks_number=not outgoing.person.phone)
        edits = outgoing.replaces if chat.account == TELEGRAM else ""
        bubble = replace(bubble, at=self._clock(), about=edits)
        name = await self._store.simulator.show(chat, bubble)
        await self._store.feed.tell(self._store.key(chat))
        return name

    async def acknowledge(self, chat: Chat, handle: str, *, answering: bool) -> None:
        """Do nothing: a simulated phone shows no acknowledgement."""


class SimulatorCodes:
    """Shows one-time codes on the simulated phones, as an SMS would come."""

    def __init__(self, store: Store, clock: Clock) -> None:
        """Use the phones and the feed of this store."""
        self._store = store
        self._clock = clock

    async def send(self, phone: str, code: str) -> None:
        """Show the code on every phone of that number, or on the newest phone if none has it.

        Raises:
            CodeRefused: there is no phone.
        """
        phones = await self._store.simulator.list()
        if not phones:
            raise CodeRefused
        theirs = [(key, one) for key, one in phones if f"+{one.number}" == phone]
        text = f"SMS de prueba al número que termina en {phone[-2:]}: su código es {code}"
        for key, handset in theirs or phones[:1]:
            bubble = Bubble(message=Send(text=text, member="sms"), mine=False, at=self._clock())
            await self._store.simulator.show(handset.chat, bubble)
            await self._store.feed.tell(key)


def present(message: Send, *, look: str, asks_number: bool) -> Bubble:
    """Show a message as the vendor does: not every one has buttons for every choice.

    `asks_number` if WhatsApp does not show the customer's number: it asks for it then.
    """
    text, shape = message.text, Shape.BUTTONS
    if look == TELEGRAM and message.contact:
        shape = Shape.KEYBOARD
    elif look == WHATSAPP:
        text, shape = _present_on_whatsapp(message, asks_number=asks_number)
    shown = "" if text == message.text else text
    return Bubble(message=message, mine=False, at=0, text=shown, shape=shape)


def _present_on_whatsapp(message: Send, *, asks_number: bool) -> tuple[str, Shape]:
    body = shapes.content(message, asks_number=asks_number)
    kind = loose.text(body, "interactive", "type")
    text = loose.text(body, "interactive", "body", "text") or loose.text(body, "text", "body")
    return text, _SHAPES.get(kind, Shape.WORDS)


_SHAPES = {"button": Shape.BUTTONS, "list": Shape.LIST, "request_contact_info": Shape.REQUEST}


def refusal(message: Send, *, look: str) -> str:
    """Return why the vendor would reject a message; empty if it would not."""
    if not 1 <= len(message.text) <= TEXT:
        return "length of the text"
    if any(len(button.id.encode()) > BUTTON_ID for button in message.buttons):
        return "length of a button's id"
    if look == WHATSAPP and message.buttons:
        if len(message.text) > WITH_BUTTONS:
            return "length of the text with buttons"
        listed = len(message.buttons) > BUTTONS  # more than three become a list
        if len(message.buttons) > ROWS:
            return "buttons"
        if any(len(button.label) > (ROW if listed else LABEL) for button in message.buttons):
            return "buttons"
    return ""
