"""The strangers' phones at both vendors: they write, and notice everything that is shown."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from tests.bot.channels.stages import WhatsApp
from tests.meta.graph import GraphApi
from tests.meta.shapes import Customer, Item
from tests.strangers.stranger import Kind, Stranger
from tests.telegram.api import BotApi
from tests.telegram.checks import Arguments
from tests.telegram.updates import Phones


@dataclass(kw_only=True)
class TelegramPhones(BotApi):
    """Telegram, with strangers."""

    strangers: dict[int, Stranger] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Have phones."""
        super().__post_init__()
        self._phones = Phones(self.server)

    def write(self, stranger: Stranger, text: str) -> None:
        """Write a text."""
        self.strangers[int(stranger.chat)] = stranger
        self.server.post(self._phones.text(int(stranger.chat), text))

    async def send(self, arguments: Arguments) -> dict[str, Any]:
        """Show a message, and notice it."""
        return self._notice(Kind.MESSAGE, await super().send(arguments))

    async def edit(self, arguments: Arguments) -> dict[str, Any]:
        """Change a message, and notice it."""
        return self._notice(Kind.EDIT, await super().edit(arguments))

    async def act(self, arguments: Arguments) -> bool:
        """Show that the bot is typing, and notice it."""
        done = await super().act(arguments)
        self.strangers[self.actions[-1][0]].notice(Kind.TYPING)
        return done

    def _notice(self, kind: Kind, message: dict[str, Any]) -> dict[str, Any]:
        rows = message.get("reply_markup", {}).get("inline_keyboard", ())
        labels = [button["text"] for row in rows for button in row]
        stranger = self.strangers[message["chat"]["id"]]
        stranger.notice(kind, " | ".join([message["text"], *labels]))
        return message


@dataclass(kw_only=True)
class WhatsAppPhones(GraphApi):
    """WhatsApp, with strangers whose numbers are not shown."""

    strangers: dict[str, Stranger] = field(default_factory=dict)
    _owners: dict[str, Stranger] = field(default_factory=dict)
    """The strangers by the ids of their messages."""

    def write(self, stranger: Stranger, text: str) -> None:
        """Write a text."""
        customer = self._customer(stranger)
        message = self.webhooks.add(self.webhooks.shapes.text(customer, text), customer)
        self._owners[message] = stranger

    def _customer(self, stranger: Stranger) -> Customer:
        customer = replace(WhatsApp, user_id=stranger.chat, phone=None, shows_phone=False)
        if stranger.chat not in self.strangers:
            self.strangers[stranger.chat] = stranger
            self.know(customer)
        return customer

    def _accept(self, body: Item, kind: str) -> tuple[Item, set[str]]:
        accepted = super()._accept(body, kind)
        shown = self.shown[str(body["recipient"])][-1]
        labels = [title for _, title in (*shown.buttons, *shown.rows)]
        self.strangers[str(body["recipient"])].notice(
            Kind.MESSAGE, " | ".join([shown.kind, shown.text, *labels])
        )
        return accepted

    def _mark(self, body: Mapping[str, Any]) -> Any:
        answer = super()._mark(dict(body))
        if "typing_indicator" in body:
            self._owners[body["message_id"]].notice(Kind.TYPING)
        return answer
