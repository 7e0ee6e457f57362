"""`enlace keys rotate`: re-encrypt all data in Redis with the first secret key."""

import sys

from bot import bootstrap, keyrings
from bot.redis.either import open_redis
from bot.settings import Settings
from handlers.auditing import Auditor
from state.audit import OPERATOR, SecurityEvent
from state.store.rotation import KINDS, RotationResult, RotationUnfinished


async def rotate(settings: Settings) -> None:
    """Rotate, and print a line for each kind of key.

    Raises:
        Unfinished: some values can only be decrypted with older keys.
    """
    keyring = keyrings.read_keyring(settings)
    async with open_redis(settings, bootstrap.clock, owns=False) as (redis, _):
        store = await bootstrap.store_of(settings, redis, keyring)
        auditor = Auditor(audit=store.audit, clock=bootstrap.clock)
        await auditor.note(SecurityEvent.KEYS_ROTATED, actor=OPERATOR)
        rotated = await store.rotation.rotate(f"whatsapp:{settings.whatsapp_phone_number_id}")
    _show(rotated)
    if left := rotated.left.total():
        raise RotationUnfinished(
            f"{left} values still need an older key; keep it (docs/operations.md)"
        )
    _print("The older keys may be removed, except the last one: it derives key names.")


def _show(rotated: RotationResult) -> None:
    for kind in KINDS:
        left = f"  {rotated.left[kind]:>8} left" if rotated.left[kind] else ""
        _print(f"{kind:<10}{rotated.anew[kind]:>8} re-encrypted{left}")


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
