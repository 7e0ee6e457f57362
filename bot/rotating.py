"""`enlace keys rotate`: re-encrypt all data in Redis with the first secret key."""

import sys

from bot import bootstrap
from bot.settings import Settings
from state.store.rotation import KINDS, Rotated, Unfinished


async def rotate(chosen: Settings) -> None:
    """Rotate, and print a line for each kind of key.

    Raises:
        Unfinished: some values can only be decrypted with older keys.
    """
    keyring = bootstrap.keyring_of(chosen)
    async with bootstrap.redis_of(chosen) as (redis, _):
        store = await bootstrap.store_of(chosen, redis, keyring)
        rotated = await store.rotation.rotate(f"whatsapp:{chosen.whatsapp_phone_number_id}")
    _show(rotated)
    if left := rotated.left.total():
        raise Unfinished(f"{left} values still need an older key; keep it (docs/operations.md)")
    _print("The older keys may be removed, except the last one: it derives key names.")


def _show(rotated: Rotated) -> None:
    for kind in KINDS:
        left = f"  {rotated.left[kind]:>8} left" if rotated.left[kind] else ""
        _print(f"{kind:<10}{rotated.anew[kind]:>8} re-encrypted{left}")


def _print(line: str) -> None:
    sys.stdout.write(f"{line}\n")
