"""One-time codes: how they go out, how many may, and who reads them."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from starlette.responses import JSONResponse

from bot.channels import registry
from bot.channels.codes import ConsoleCodes, NoCodes
from bot.channels.simulator import SimulatorCodes
from bot.sandbox.server import Sandbox
from bot.settings import Settings, SettingsError
from handlers.errors import CodeRefused
from handlers.pages import facts
from state.conversation import Conversation
from state.events import Said
from state.parts import member
from state.staff_actions import CodeRead, TakenOver
from state.states import State
from state.store.simulator import SimulatedPhone
from tests.bot.channels.test_errors import Curt
from tests.clients import make_client
from tests.house_stage import HouseStage

pytestmark = pytest.mark.slow

_PHONE = "+573159741951"
_ANA = make_client(
    service_id=1001, name="Ana Gómez", phone="3159741951", address="Calle 10 # 5-20",
    plan="Plan 50MB", price="60000.00",
)  # fmt: skip
_SETTINGS = Settings(
    whatsapp_token=SecretStr("EAAG"), whatsapp_phone_number_id="106540352242922",
    codes="whatsapp", whatsapp_code_template="codigo",
)  # fmt: skip


@pytest.fixture
async def stage(redis: Redis, sandbox: Sandbox) -> AsyncIterator[HouseStage]:
    """A house with one service, whose codes can be sent."""
    staged = HouseStage(redis, sandbox)
    await staged.place(_ANA)
    await staged.codes("salen")
    yield staged
    await staged.aclose()


async def _claim(stage: HouseStage) -> Conversation:
    """Claim the service with all facts, in a chat that nobody saw before."""
    for text in (
        "hola", "empezar", "sí, autorizo", "prefiero no hacerlo", "número de servicio", "1001",
        "Ana Gómez", "Calle 10 # 5-20", "Plan 50MB", "60000",
    ):  # fmt: skip
        await stage.happen(Said(text=text))
    return await _found(stage)


async def _found(stage: HouseStage) -> Conversation:
    return await stage.store.conversations.find(stage.store.key(stage.chat))


async def test_by_whatsapp() -> None:
    """The code goes into the template's text and behind its button, to the number alone."""
    async with Curt([JSONResponse({"messages": [{"id": "wamid.1"}]})]).serving() as vendor:
        chosen = _SETTINGS.model_copy(update={"whatsapp_api_url": vendor.url})
        async with registry.build_code_sender(chosen) as codes:
            await codes.send(_PHONE, "482913")

    sent = json.loads(vendor.bodies[0])
    assert (sent["to"], sent["template"]["name"]) == (_PHONE, "codigo")
    assert [part["type"] for part in sent["template"]["components"]] == ["body", "button"]
    assert [part["parameters"][0]["text"] for part in sent["template"]["components"]] == [
        "482913"
    ] * 2


async def test_refused_by_whatsapp() -> None:
    """A code that WhatsApp does not take is refused, whatever the reason."""
    refusal = JSONResponse({"error": {"code": 132001}}, 404)
    async with Curt([refusal]).serving() as vendor:
        chosen = _SETTINGS.model_copy(update={"whatsapp_api_url": vendor.url})
        async with registry.build_code_sender(chosen) as codes:
            with pytest.raises(CodeRefused):
                await codes.send(_PHONE, "482913")


async def test_without_a_template() -> None:
    """Codes by WhatsApp need a template; who forgets it is told so at the start."""
    with pytest.raises(SettingsError, match="ENLACE_WHATSAPP_CODE_TEMPLATE"):
        async with registry.build_code_sender(
            _SETTINGS.model_copy(update={"whatsapp_code_template": ""})
        ):
            pass


async def test_on_the_console(capsys: pytest.CaptureFixture[str]) -> None:
    """The terminal shows the code and two digits of where it should go; staff's way sends none."""
    for how, kind in (("console", ConsoleCodes), ("staff", NoCodes)):
        async with registry.build_code_sender(Settings.model_validate({"codes": how})) as codes:
            assert isinstance(codes, kind)
    await ConsoleCodes().send(_PHONE, "482913")
    with pytest.raises(CodeRefused):
        await NoCodes().send(_PHONE, "482913")

    assert capsys.readouterr().out == "Código para el número que termina en 51: 482913\n"


async def test_codes_of_a_chat_differ(stage: HouseStage) -> None:
    """Every code is another one, of six digits, and goes to the phone on file."""
    await _claim(stage)
    for _ in range(2):
        await stage.happen(Said(text="reenviar código"))

    codes = [code for _, code in stage.pigeons.sent]
    assert {phone for phone, _ in stage.pigeons.sent} == {_PHONE}
    assert len({*codes}) == 3
    assert all(code.isdecimal() and len(code) == 6 for code in codes)


async def test_nobody_is_flooded_with_codes(stage: HouseStage) -> None:
    """A phone on file gets six codes a day at most, from however many chats."""
    for chat in ("a", "b", "c"):
        stage.chat = replace(stage.chat, id=chat)
        await _claim(stage)
        for _ in range(2):
            await stage.happen(Said(text="reenviar código"))

    assert len(stage.pigeons.sent) == 6
    assert (await _found(stage)).state is State.CODE  # nothing is said of it
    assert not any("no podemos enviar" in message.text for message in stage.heard())


async def test_old_code_counts_no_more(stage: HouseStage) -> None:
    """After another one was sent the first is as wrong as any."""
    await _claim(stage)
    await stage.happen(Said(text="reenviar código"))
    await stage.happen(Said(text=stage.pigeons.sent[0][1]))

    challenge = (await _found(stage)).identity.challenge
    assert challenge is not None
    assert challenge.wrong == 1


async def test_only_the_reader_sees_the_code(stage: HouseStage) -> None:
    """A code that is read out is shown to whoever reads it, and stands in no journal."""
    stage.turns.can_send_codes = False
    await _claim(stage)
    await stage.happen(TakenOver(agent="luis"))
    await stage.happen(CodeRead(agent="eva"))
    refused = await _found(stage)
    await stage.happen(CodeRead(agent="luis"))
    found = await _found(stage)
    code = await stage.code()

    assert refused.identity.challenge is None
    assert facts.has_number(found)
    assert facts.find_code(found, "luis") == (code, "51")
    assert facts.find_code(found, "eva") is None
    assert code not in str(await stage.store.journal.read(stage.store.key(stage.chat)))


async def test_codes_that_are_read_out_count(stage: HouseStage) -> None:
    """A code that is read out counts as one that is sent; who may read none has the chat back."""
    stage.turns.can_send_codes = False
    await _claim(stage)
    read = []
    for _ in range(7):
        await stage.happen(TakenOver(agent="luis"))
        await stage.happen(CodeRead(agent="luis"))
        read.append((await _found(stage)).identity.challenge is not None)
    found = await _found(stage)
    journal = await stage.store.journal.read(stage.store.key(stage.chat))

    assert read == [True] * 6 + [False]
    assert (found.speaker, found.state) == (member("luis"), State.DOCUMENT)
    assert "El código no vale" in journal[-1].text
    assert not stage.pigeons.sent


async def test_on_simulated_phones(stage: HouseStage) -> None:
    """In the demonstration a code comes to the phones of that number, as an SMS would."""
    phone = SimulatedPhone(
        chat=replace(stage.chat, channel="simulator"), title="Ana", service_id=1001,
        invitation="", number=_PHONE.removeprefix("+"),
    )  # fmt: skip
    codes = SimulatorCodes(stage.store, stage.clock)
    with pytest.raises(CodeRefused):
        await codes.send(_PHONE, "482913")
    key = await stage.store.simulator.add(phone)
    await codes.send(_PHONE, "482913")
    await codes.send("+573000000000", "111111")
    own, other = await stage.store.simulator.read(key)

    assert own.message.text == "SMS de prueba al número que termina en 51: su código es 482913"
    assert "termina en 00: su código es 111111" in other.message.text
