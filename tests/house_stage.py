"""A stage for transcripts on which the whole house plays: real Redis, real HTTP to WispHub."""

from collections.abc import Sequence
from uuid import uuid4

from bot.sandbox.server import Sandbox
from bot.wisphub import WispHub
from handlers.errors import Busy
from handlers.outbound import LEASE, Sender
from handlers.texts import Texts
from handlers.turns import Delivery, Turns
from redis.asyncio import Redis

from state.client import Client
from state.conversation import Chat
from state.effects import Send
from state.events import Event
from state.store import keys
from state.store.encryption import Keyring
from state.store.store import Store
from tests.machine_stage import COMPANY, NINE_O_CLOCK


class Inbox:
    """A channel that keeps what it is given, as a phone does."""

    def __init__(self) -> None:
        self.messages: list[Send] = []

    async def send(self, chat: Chat, message: Send) -> str:
        """Keep a message."""
        assert chat.channel == "test"
        self.messages.append(message)
        return str(len(self.messages))
