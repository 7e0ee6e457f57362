"""The Bot API's simulator hands out updates, one way or the other."""

import pytest

from tests.telegram.api import BotApi
from tests.telegram.caller import Caller
from tests.telegram.hook import badly, served
from tests.telegram.server import TelegramServer
from tests.telegram.updates import Phones

pytestmark = pytest.mark.slow

URL = "http://127.0.0.1:9/hook"


async def test_who_is_there(api: BotApi, call: Caller) -> None:
    """The token is checked, methods are known in any case, by GET as well, others are not."""
    assert (await call("getMe"))["result"]["username"] == "enlace_bot"
    answer = await call.client.get(f"{api.url}/bot{api.token}/GETME")
    assert answer.json()["result"]["is_bot"] is True
    assert (await call("sendRocket"))["description"] == "Not Found: method not found"
    answer = await call.client.post(f"{api.url}/bot1:wrong/getMe")
    assert answer.json() == {"ok": False, "error_code": 401, "description": "Unauthorized"}
    assert answer.status_code == 401


async def test_webhook(telegram: TelegramServer, call: Caller) -> None:
    """A webhook is set, told about and deleted; the updates outlive that."""
    wanted = {"url": URL, "secret_token": "s_-3", "max_connections": 7}
    assert (await call.as_form("setWebhook", **wanted, allowed_updates=["message"]))["result"]
    assert (telegram.url, telegram.secret, telegram.max_connections) == (URL, "s_-3", 7)
    assert (await call("setWebhook", **wanted))["result"]
    info = (await call("getWebhookInfo"))["result"]
    assert (info["url"], info["pending_update_count"]) == (URL, 2)
    assert (info["max_connections"], info["allowed_updates"]) == (7, ["message"])
    assert (await call("deleteWebhook"))["result"]
    assert (telegram.url, telegram.allowed, len(telegram.queues.held)) == ("", {"message"}, 2)
    assert (await call("deleteWebhook", drop_pending_updates=True))["result"]
    assert not telegram.queues.held


async def test_last_error(telegram: TelegramServer, call: Caller) -> None:
    """What the webhook answered last in anger is told."""
    async with served(badly, telegram):
        await telegram.deliver_for(1)
    info = (await call("getWebhookInfo"))["result"]
    assert info["last_error_message"] == "Wrong response from the webhook: 503"
    assert info["last_error_date"] == 1_750_000_000


@pytest.mark.parametrize(
    ("secret", "sentence"),
    [("ñ", "secret token contains unallowed characters"), ("x" * 257, "secret token is too long")],
)
async def test_secret(telegram: TelegramServer, call: Caller, secret: str, sentence: str) -> None:
    """The secret has an alphabet and a length."""
    told = await call("setWebhook", url=URL, secret_token=secret)
    assert told["description"] == f"Bad Request: {sentence}"
    assert telegram.url == ""


async def test_polling(telegram: TelegramServer, phones: Phones, call: Caller) -> None:
    """Updates are handed out until an offset forgets them; expired ones are not."""
    for text in ("Señal \ud83d", "dos"):
        telegram.post(phones.text(7, text))
    telegram.post(phones.press(7, 7, "late", 1))
    await telegram.clock.reach(telegram.clock.now() + 151)
    first, second, third, fourth = (await call("getUpdates", limit=5))["result"]
    assert third["message"]["text"] == "Señal \ud83d"
    assert [first, second] == (await call("getUpdates", limit=2))["result"]
    left = (await call.as_form("getUpdates", offset=third["update_id"]))["result"]
    assert left == [third, fourth]
    assert (await call("getUpdates", offset=-1))["result"] == [fourth]
    assert (await call("getUpdates", offset=fourth["update_id"] + 1, timeout=30))["result"] == []
    assert not telegram.queues.held


async def test_no_polling_beside_a_webhook(telegram: TelegramServer, call: Caller) -> None:
    """Asking for updates while a webhook is set is a conflict."""
    telegram.webhook(URL)
    told = await call("getUpdates")
    assert told["error_code"] == 409
    assert told["description"].startswith("Conflict: can't use getUpdates method while webhook")


async def test_commands(api: BotApi, call: Caller) -> None:
    """The menu is kept, if its commands could be typed."""
    menu = [{"command": "start", "description": "Empezar"}]
    assert (await call.as_form("setMyCommands", commands=menu))["result"]
    assert api.commands == menu
    told = await call("setMyCommands", commands=[{"command": "¡ya!", "description": "?"}])
    assert told["description"] == "Bad Request: BOT_COMMAND_INVALID"
    assert api.commands == menu


async def test_customers_do(telegram: TelegramServer, phones: Phones, call: Caller) -> None:
    """What customers do comes dated by the clock, numbered per chat, and shaped as the vendor's."""
    telegram.queues.forget(list(telegram.queues.held))
    for update in (
        phones.start(7, "t0ken"),
        phones.contact(7, 7, "+573001234567"),
        phones.contact(7, 7, "573001234567", own=False),
        phones.photo(7, "mi recibo"),
        phones.voice(7),
        phones.edited(7, 2, "¡hola!"),
    ):
        telegram.post(update)
    start, own, other, photo, voice, edited = (await call("getUpdates"))["result"]
    assert start["message"]["text"] == "/start t0ken"
    assert start["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]
    assert own["message"]["contact"]["user_id"] == own["message"]["from"]["id"] == 7
    assert other["message"]["contact"]["user_id"] != 7
    assert photo["message"]["caption"] == "mi recibo"
    assert voice["message"]["voice"]["duration"] == 3
    assert edited["edited_message"]["edit_date"] == 1_750_000_000
    numbers = [update["message"]["message_id"] for update in (start, own, other, photo, voice)]
    assert numbers == [2, 3, 4, 5, 6]
