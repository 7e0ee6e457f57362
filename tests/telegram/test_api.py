"""The Bot API's simulator refuses, shows and misbehaves as the vendor does."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.telegram.api import BotApi, Fate
from tests.telegram.caller import Caller
from tests.telegram.server import TelegramServer
from tests.telegram.updates import Phones

pytestmark = pytest.mark.slow


def inline(data: str) -> dict[str, Any]:
    """Make an inline keyboard of one button."""
    return {"inline_keyboard": [[{"text": "Sí", "callback_data": data}]]}


ASKING = {"keyboard": [[{"text": "Mi número", "request_contact": True}]]}
BOLD = {"type": "bold", "offset": 0, "length": 4}


async def test_shows(api: BotApi, call: Caller) -> None:
    """A message with entities and buttons is shown, be it sent as JSON or as a form."""
    for send in (call, call.as_form):
        sent = await send(
            "sendMessage",
            chat_id=7,
            text="hola 😀",
            entities=[BOLD],
            reply_markup=inline("yes"),
            protect_content=True,
        )
        assert sent["result"]["chat"]["type"] == "private"
        shown = api.shown[7].pop()
        assert shown.message_id == sent["result"]["message_id"]
        assert (shown.text, shown.entities, shown.protected) == ("hola 😀", [BOLD], True)
        assert shown.buttons == [[{"text": "Sí", "callback_data": "yes"}]]
    assert api.counts["sendMessage"] == 2


async def test_keyboards(api: BotApi, call: Caller) -> None:
    """A reply keyboard comes and goes; the messages that do so cannot be edited."""
    await call("SENDMESSAGE", chat_id=7, text="¿número?", reply_markup=ASKING)
    await call("sendMessage", chat_id=7, text="gracias", reply_markup={"remove_keyboard": True})
    assert [shown.keyboard for shown in api.shown[7]] == [ASKING["keyboard"], []]
    number = api.shown[7][0].message_id
    told = await call("editMessageText", chat_id=7, message_id=number, text="¿teléfono?")
    assert told["description"] == "Bad Request: message can't be edited"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"text": ""}, "message text is empty"),
        ({"text": " \n"}, "message text is empty"),
        ({"text": "x" * 4097}, "message is too long"),
        ({"text": "😀" * 2049}, "message is too long"),
        ({"text": "\ud83d"}, "strings must be encoded in UTF-8"),
        ({"reply_markup": inline("")}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": inline("ñ" * 33)}, "BUTTON_DATA_INVALID"),
        ({"reply_markup": {"inline_keyboard": [[{"text": "?"}]]}}, "can't parse inline keyboard"),
        ({"reply_markup": "{"}, "can't parse reply keyboard markup JSON object"),
        ({"reply_markup": [1]}, "object expected as reply markup"),
        ({"entities": [BOLD | {"length": 5}]}, "can't parse entities"),
        ({"entities": [BOLD | {"length": 0}]}, "can't parse entities"),
        ({"entities": [BOLD | {"length": 3}, BOLD | {"offset": 2, "length": 2}]}, "can't parse"),
        ({"chat_id": 8}, "chat not found"),
        ({"chat_id": None}, "chat_id is empty"),
        ({"chat_id": -5, "reply_markup": ASKING}, "phone number can be requested in private"),
    ],
)
async def test_refuses(call: Caller, arguments: dict[str, Any], sentence: str) -> None:
    """What Telegram would not send is refused in its words."""
    content = json.dumps({"chat_id": 7, "text": "hola"} | arguments)  # keeps half an emoji
    url = f"{call.api.url}/bot{call.api.token}/sendMessage"
    headers = {"content-type": "application/json"}
    answer = await call.client.post(url, content=content, headers=headers)
    assert answer.json()["description"].startswith(f"Bad Request: {sentence}")
    assert answer.status_code == answer.json()["error_code"] == 400
    assert not call.api.shown[7]


async def test_entities_may_nest(api: BotApi, call: Caller) -> None:
    """Entities may lie one inside the other or side by side, counted in UTF-16."""
    spans = [(0, 9), (0, 4), (2, 2), (4, 5)]
    entities = [{"type": "bold", "offset": at, "length": length} for at, length in spans]
    assert (await call("sendMessage", chat_id=7, text="hola 😀😀", entities=entities))["ok"]
    assert api.shown[7][0].entities == entities


async def test_edits_are_idempotent(api: BotApi, call: Caller) -> None:
    """The same edit twice changes once, and the second time says so."""
    number = (await call("sendMessage", chat_id=7, text="…"))["result"]["message_id"]
    edit = {"chat_id": 7, "message_id": number, "text": "listo", "reply_markup": inline("a")}
    assert (await call("editMessageText", **edit))["result"]["edit_date"]
    told = await call.as_form("editMessageText", **edit)
    assert told["description"].startswith("Bad Request: message is not modified: ")
    assert (api.shown[7][0].text, api.shown[7][0].edited) == ("listo", 1)
    told = await call("editMessageText", **edit | {"message_id": 99})
    assert told["description"] == "Bad Request: message to edit not found"
    told = await call("editMessageText", **edit | {"reply_markup": ASKING})
    assert told["description"] == "Bad Request: inline keyboard expected"


async def test_answers_in_time(
    telegram: TelegramServer, phones: Phones, api: BotApi, call: Caller
) -> None:
    """A press can be answered for fifteen seconds."""
    press = phones.press(7, 7, "yes", 1)
    telegram.post(press)
    query = press["callback_query"]["id"]
    assert (await call("answerCallbackQuery", callback_query_id=query, text="ya"))["result"]
    assert api.answered == {query: "ya"}
    told = await call("answerCallbackQuery", callback_query_id=query, text="x" * 201)
    assert told["description"] == "Bad Request: MESSAGE_TOO_LONG"
    await telegram.clock.reach(telegram.clock.now() + 15.5)
    for late in (query, "unknown"):
        told = await call("answerCallbackQuery", callback_query_id=late)
        assert told["description"].startswith("Bad Request: query is too old and response timeout")


async def test_blocked(telegram: TelegramServer, phones: Phones, api: BotApi, call: Caller) -> None:
    """Who stopped the bot hears nothing from it."""
    telegram.post(phones.member(7, "kicked"))
    for method in ("sendMessage", "sendChatAction"):
        told = await call(method, chat_id=7, text="hola", action="typing")
        assert (told["error_code"], told["description"]) == (
            403,
            "Forbidden: bot was blocked by the user",
        )
    telegram.post(phones.member(7, "member"))
    assert (await call("sendChatAction", chat_id=7, action="typing"))["result"]
    assert api.actions == [(7, "typing")]
    assert not (await call("sendChatAction", chat_id=7, action="dancing"))["ok"]


async def test_deletes(api: BotApi, call: Caller) -> None:
    """Messages can be deleted once, in private chats also the customer's."""
    number = (await call("sendMessage", chat_id=7, text="hola"))["result"]["message_id"]
    for message_id in (number, 1):
        assert (await call("deleteMessage", chat_id=7, message_id=message_id))["ok"]
    assert api.shown[7] == []
    assert api.deleted == {(7, 1), (7, 2)}
    for chat, message_id, sentence in (
        (7, 1, "message to delete not found"),
        (7, 9, "message to delete not found"),
        (-5, 1, "message can't be deleted"),
    ):
        told = await call("deleteMessage", chat_id=chat, message_id=message_id)
        assert told["description"] == f"Bad Request: {sentence}"


async def test_pace(telegram: TelegramServer, api: BotApi, call: Caller) -> None:
    """A chat that is spoken to too fast makes the bot wait."""
    api.pace = 2
    told = [await call("sendMessage", chat_id=7, text=str(turn)) for turn in range(3)]
    assert [answer["ok"] for answer in told] == [True, True, False]
    assert told[2]["parameters"] == {"retry_after": 1}
    await telegram.clock.reach(telegram.clock.now() + 1)
    assert (await call("sendMessage", chat_id=7, text="3"))["ok"]


async def test_fates(api: BotApi, call: Caller) -> None:
    """A call can fail with or without effect, and what was shown in secret is noted."""
    api.forced = [Fate.BUSY, Fate.DOWN, Fate.PAGE, Fate.CUT, Fate.STRANGE, Fate.WELL]
    arguments = {"chat_id": 7, "text": "hola"}
    url = f"{api.url}/bot{api.token}/sendMessage"
    assert (await call("sendMessage", **arguments))["parameters"] == {"retry_after": 1}
    assert (await call("sendMessage", **arguments))["error_code"] == 500
    assert api.shown[7] == []
    page = await call.client.post(url, json=arguments)
    assert (page.status_code, page.text[:6]) == (502, "<html>")
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        await call.client.post(url, json=arguments)
    assert (await call("sendMessage", **arguments))["result"] == {"weird": 1}
    assert (await call("sendMessage", **arguments))["result"]["text"] == "hola"
    numbers = [shown.message_id for shown in api.shown[7]]
    assert api.unsaid == {(7, number) for number in numbers[:3]}
    assert all(api.counts[fate] == 1 for fate in Fate)
    api.forced = [Fate.CUT]
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        await call.client.get(url, params={"chat_id": "7", "text": "hola"})


async def test_faults(api: BotApi, call: Caller) -> None:
    """With faults calls fail by chance; what has no effect shows nothing."""
    api.faults = 0.5
    url = f"{api.url}/bot{api.token}/sendMessage"
    for turn in range(60):
        try:
            await call.client.post(url, data={"chat_id": "7", "text": str(turn)})
        except httpx.RemoteProtocolError:
            assert api.shown[7][-1].text == str(turn)
    assert all(api.counts[fate] > 0 for fate in Fate)
    assert 15 < api.counts[Fate.WELL] < 45
    assert len(api.shown[7]) == 60 - api.counts[Fate.BUSY] - api.counts[Fate.DOWN]
    assert len(api.unsaid) == len(api.shown[7]) - api.counts[Fate.WELL]


async def test_broken_calls(api: BotApi, call: Caller) -> None:
    """A call that breaks off has no effect, nor has one with a file or with broken JSON."""
    host, port = api.url.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, port)
    head = f"POST /bot{api.token}/sendMessage HTTP/1.1\r\nHost: api\r\nContent-Length: 99\r\n"
    writer.write(f"{head}Content-Type: application/json\r\n\r\n{{".encode())
    await writer.drain()
    writer.close()
    await writer.wait_closed()
    url = f"{api.url}/bot{api.token}/sendMessage"
    answer = await call.client.post(url, files={"photo": b"..."}, data={"chat_id": "7"})
    assert answer.json()["description"] == "Bad Request: files are not simulated"
    headers = {"content-type": "application/json"}
    answer = await call.client.post(url, content="{", headers=headers)
    assert answer.json()["description"] == "Bad Request: can't parse request JSON object"
    assert not api.shown[7]
