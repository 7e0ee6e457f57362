"""The keys that seal what is stored: those of the settings, and the demonstration's own."""

from pathlib import Path

from bot.settings import Settings, SettingsError, new_key
from state.store.encryption import Keyring


def read_keyring(settings: Settings) -> Keyring:
    """Build the keyring from the settings.

    Raises:
        SettingsError: there is no secret key, or one is malformed.
    """
    keys = settings.sealing_keys
    if not keys:
        raise SettingsError("ENLACE_SECRET_KEYS is missing: `enlace keys new` prints a key")
    return Keyring(keys)


def read_own_key(path: Path) -> str:
    """Read the demonstration's key, or create it; it is stored because its data are."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(new_key(), "ascii")
    return path.read_text("ascii")
