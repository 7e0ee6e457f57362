"""The bot as it is shipped: `enlace run` with its real channels, told by settings where all is.

Nothing of the product is imported here: settings and the command are what every checkout has.
"""

import base64
from functools import partial
from pathlib import Path

from bench.arena import Contestant
from bench.updates import NUMBER, SECRET

_OPENED = str(Path(__file__).with_name("open_gates.py"))
_COMMON = {
    "ENLACE_SECRET_KEYS": base64.b64encode(bytes(32)).decode(),
    "ENLACE_API_KEYS": 2 * SECRET,
    "ENLACE_WISPHUB_URL": "http://127.0.0.1:9",
    "ENLACE_WISPHUB_KEY": "bench",
    "ENLACE_COMPANY_NAME": "FibraNet",
    "ENLACE_COMPANY_NIT": "900123456-8",
    "ENLACE_COMPANY_ADDRESS": "Calle 1 # 2-3, Tunja",
    "ENLACE_COMPANY_PHONE": "608 740 1234",
    "ENLACE_COMPANY_EMAIL": "datos@fibranet.example",
    "ENLACE_PRIVACY_URL": "https://fibranet.example/datos",
}
_CHANNELS = {
    "telegram": {"TELEGRAM_TOKEN": "42:bench", "TELEGRAM_SECRET": SECRET},
    "whatsapp": {
        "WHATSAPP_TOKEN": "bench",
        "WHATSAPP_PHONE_NUMBER_ID": NUMBER,
        "WHATSAPP_APP_SECRET": SECRET,
        "WHATSAPP_VERIFY_TOKEN": SECRET,
    },
}

WORDS = ("hola", "empezar", "sí, autorizo", "no sé", "estado", "ayuda")
"""Six turns through four states, one answer each; none asks WispHub, as the stock bot does not."""


def contestant(channel: str, *, opened: bool = True) -> Contestant:
    """The shipped bot, on one channel; its gates as shipped, or wide open."""
    return Contestant(
        name=f"Enlace, {channel}",
        argv=(_OPENED, "run") if opened else ("-m", "bot", "run"),
        settings=partial(_settings, channel),
        path=f"/webhooks/{channel}",
        speaks=channel,
        answered=True,
        words=WORDS,
        replies=(1,) * len(WORDS),
    )


def _settings(channel: str, port: int, redis: str, vendor: str, directory: Path) -> dict[str, str]:
    given = {
        "ENLACE_PORT": str(port),
        "ENLACE_REDIS_URL": redis,
        "ENLACE_DATA_DIR": str(directory / "data"),
        f"ENLACE_{channel.upper()}_API_URL": vendor,
    }
    return _COMMON | given | {f"ENLACE_{name}": it for name, it in _CHANNELS[channel].items()}
