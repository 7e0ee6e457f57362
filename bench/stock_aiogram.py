"""The comparison: a stock aiogram 3 bot, written as its documentation shows it.

    python -m bench.stock_aiogram --port 8080 --redis <url> --vendor http://127.0.0.1:8081

Webhook on aiohttp, state and data in `RedisStorage`, updates of a chat one at a time by
`RedisEventIsolation`. Updates are handled before they are answered: by default
(`handle_in_background=True`) aiogram answers first, and a killed process loses what it answered.
"""

import argparse

from aiogram import Bot, Dispatcher, F, Router
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.fsm.context import FSMContext
from aiogram.fsm.state import State, StatesGroup
from aiogram.fsm.storage.redis import RedisStorage
from aiogram.types import InlineKeyboardButton, InlineKeyboardMarkup, Message
from aiogram.webhook.aiohttp_server import SimpleRequestHandler, setup_application
from aiohttp import web

from bench.updates import SECRET

PATH = "/webhook"
router = Router()


class Linking(StatesGroup):
    """What the bot waits for."""

    greeting = State()
    consent = State()
    service = State()
    document = State()
    phone = State()
    summary = State()


def keyboard(*labels: str) -> InlineKeyboardMarkup:
    """Offer these choices in a row."""
    buttons = [InlineKeyboardButton(text=label, callback_data=label[:20]) for label in labels]
    return InlineKeyboardMarkup(inline_keyboard=[buttons])


@router.message(Linking.greeting, F.text)
async def greeted(message: Message, state: FSMContext) -> None:
    """Ask for the authorisation."""
    await state.update_data(started=message.date.isoformat())
    await state.set_state(Linking.consent)
    await message.answer(
        "Antes de continuar necesitamos su autorización para tratar sus datos personales (Ley "
        "1581 de 2012). Los usaremos solo para actualizar su servicio. ¿Autoriza?",
        reply_markup=keyboard("Sí, autorizo", "No autorizo"),
    )


@router.message(Linking.consent, F.text.casefold().startswith("sí"))
async def consented(message: Message, state: FSMContext) -> None:
    """Ask for the service."""
    await state.update_data(consent=message.date.isoformat())
    await state.set_state(Linking.service)
    await message.answer(
        "Gracias. Quedó registrada su autorización. Escriba su número de servicio: lo encuentra "
        "en su factura, junto a N.º de servicio. Son solo números, por ejemplo: 12345.",
        reply_markup=keyboard("No lo tengo", "Hablar con asesor"),
    )


@router.message(Linking.service, F.text.regexp(r"^\d{1,9}$"))
async def identified(message: Message, state: FSMContext) -> None:
    """Ask for the document."""
    await state.update_data(service=message.text)
    await state.set_state(Linking.document)
    await message.answer(
        "Paso 1 de 3. Escriba su número de cédula, como aparece en el documento, sin puntos. Si "
        "tiene otro documento, escriba también cuál es, por ejemplo: pasaporte AB123456.",
        reply_markup=keyboard("Dejar el actual", "Hablar con asesor"),
    )


@router.message(Linking.document, F.text.regexp(r"^\d{6,10}$"))
async def documented(message: Message, state: FSMContext) -> None:
    """Ask for the phone."""
    await state.update_data(document=message.text)
    await state.set_state(Linking.phone)
    await message.answer(
        "Paso 2 de 3. ¿Cuál celular dejamos registrado en su servicio? A ese número le avisaremos "
        "de cortes y facturas. Escríbalo con diez dígitos, por ejemplo: 300 123 4567.",
        reply_markup=keyboard("Dejar el actual", "Hablar con asesor"),
    )


@router.message(Linking.phone, F.text.regexp(r"^3\d{9}$"))
async def reachable(message: Message, state: FSMContext) -> None:
    """Show the summary."""
    data = await state.update_data(phone=message.text)
    await state.set_state(Linking.summary)
    await message.answer(
        f"Paso 3 de 3. Revise antes de guardar:\nServicio: {data['service']}\nDocumento: "
        f"{data['document']}\nCelular: {data['phone']}\nSi algo no está bien, use el botón "
        "Corregir. ¿Guardamos estos datos en su servicio?",
        reply_markup=keyboard("Sí, guardar", "Corregir", "Cancelar"),
    )


@router.message(F.text)
async def greet(message: Message, state: FSMContext) -> None:
    """Greet whoever writes first."""
    await state.update_data(name=message.chat.first_name)
    await state.set_state(Linking.greeting)
    await message.answer(
        "Hola, buenos días. Soy el asistente de FibraNet. Le ayudo a vincular este chat con su "
        "servicio de internet y a mantener al día su cédula y su celular. Toma unos 2 minutos.",
        reply_markup=keyboard("Empezar", "Hablar con asesor"),
    )


def application(redis: str, vendor: str) -> web.Application:
    """Build the web application."""
    session = AiohttpSession(api=TelegramAPIServer.from_base(vendor))
    bot = Bot("42:bench", session=session)
    storage = RedisStorage.from_url(redis)
    dispatcher = Dispatcher(storage=storage, events_isolation=storage.create_isolation())
    dispatcher.include_router(router)
    app = web.Application()
    SimpleRequestHandler(dispatcher, bot, handle_in_background=False, secret_token=SECRET).register(
        app, path=PATH
    )
    setup_application(app, dispatcher, bot=bot)
    return app


def main() -> None:
    """Read the command line and serve."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--redis", required=True)
    parser.add_argument("--vendor", required=True)
    parser.add_argument("--uvloop", action="store_true", help="what `aiogram[fast]` adds")
    given = parser.parse_args()
    app = application(given.redis, given.vendor)
    if given.uvloop:
        import uvloop  # noqa: PLC0415  # as the stock bot does without

        uvloop.install()
    web.run_app(app, host="127.0.0.1", port=given.port, access_log=None, print=None)


if __name__ == "__main__":
    main()
