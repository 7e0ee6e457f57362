"""A caller of the Bot API for tests of the simulator."""

import json
from dataclasses import dataclass
from typing import Any

import httpx

from tests.telegram.api import BotApi


@dataclass
class Caller:
    """Calls the API as JSON, or as aiogram does."""

    api: BotApi
    client: httpx.AsyncClient

    async def __call__(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call a method, and return all of the answer."""
        answer = await self.client.post(self._url(method), json=arguments)
        told: dict[str, Any] = answer.json()
        assert told["ok"] == (answer.status_code == 200)
        return told

    async def as_form(self, method: str, **arguments: Any) -> dict[str, Any]:
        """Call with a multipart form, what is nested written as JSON."""
        parts = {
            name: (None, value if isinstance(value, str) else json.dumps(value))
            for name, value in arguments.items()
        }
        answer = await self.client.post(self._url(method), files=parts)
        return dict(answer.json())

    def _url(self, method: str) -> str:
        return f"{self.api.url}/bot{self.api.token}/{method}"
