"""The methods by which a bot gets its updates: by a webhook, or by asking for them."""

import asyncio
import contextlib
from typing import Any

from tests.telegram.checks import Arguments, Refused, check_secret, flag, nested, number
from tests.telegram.server import TelegramServer

POLL = 0.2  # real seconds, however long a poll was asked for

_DROP = {"drop_pending_updates"}


def allow(server: TelegramServer, arguments: Arguments) -> None:
    """Set the kinds that are queued; omitted keeps them, empty is any (Client.cpp:16889-16945)."""
    if "allowed_updates" in arguments:
        kinds = nested(arguments, "allowed_updates", "allowed updates")
        server.allowed = set(kinds) if kinds else None


async def set_webhook(server: TelegramServer, arguments: Arguments) -> bool:
    """Deliver to an address from now on; nothing changes if it is set already (15734-15767)."""
    url, secret = str(arguments.get("url", "")), str(arguments.get("secret_token", ""))
    check_secret(secret)
    allow(server, arguments)
    dropping = flag(arguments, "drop_pending_updates")
    if dropping:
        server.queues.forget(list(server.queues.held))
    connections = min(max(number(arguments, "max_connections", 40), 1), 100)
    if dropping or (url, secret, connections) != (
        server.url,
        server.secret,
        server.max_connections,
    ):
        server.webhook(url, secret, connections)
    return True


async def delete_webhook(server: TelegramServer, arguments: Arguments) -> bool:
    """Deliver nowhere; the updates are kept, unless told otherwise."""
    return await set_webhook(server, {name: arguments[name] for name in _DROP & arguments.keys()})


async def webhook_info(server: TelegramServer, _: Arguments) -> dict[str, Any]:
    """Tell how delivery goes."""
    info: dict[str, Any] = {
        "url": server.url,
        "has_custom_certificate": False,
        "pending_update_count": len(server.queues.held),
        "max_connections": server.max_connections,
    }
    if server.allowed is not None:
        info["allowed_updates"] = sorted(server.allowed)
    failures = [entry for entry in server.log[-100:] if not 200 <= entry[2] <= 299]
    if failures:
        at, _number, status = failures[-1]
        info["last_error_date"] = int(at)
        info["last_error_message"] = f"Wrong response from the webhook: {status}"
    return info


async def get_updates(server: TelegramServer, arguments: Arguments) -> list[dict[str, Any]]:
    """Hand out the oldest updates, having forgotten those below `offset` (16340-16360)."""
    if server.url:
        raise Refused(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    allow(server, arguments)
    _forget(server, number(arguments, "offset"))
    if not server.queues.held:
        server.news.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(min(number(arguments, "timeout"), POLL)):
                await server.news.wait()
    limit = min(max(number(arguments, "limit", 100), 1), 100)
    held = list(server.queues.held.values())[:limit]
    return [{"update_id": delivery.number} | delivery.update for delivery in held]


def _forget(server: TelegramServer, offset: int) -> None:
    """Forget what is below the offset, counted from the end if negative, and what expired."""
    numbers = sorted(server.queues.held)
    below = numbers[max(offset, -len(numbers))] if offset < 0 and numbers else offset
    now = server.clock.now()
    old = [n for n in numbers if n < below or server.queues.held[n].expires < now]
    server.queues.forget(old)
