"""Keys of the API as the settings take them, for tests: invented, and as long as real ones."""

from handlers.api.scopes import ApiKey, read_key

UPDATES = "llave-que-actualiza-0123456789abcdef"
"""May update clients."""

DECIDES = "llave-que-decide-0123456789abcdef"
ALSO_DECIDES = "otra-llave-que-decide-0123456789abcdef"
"""May update clients and decide requests."""

LISTED = f"{UPDATES}, {DECIDES}:update+decide, {ALSO_DECIDES}:update+decide"
"""All of them, as `ENLACE_API_KEYS` has them."""


def read_keys() -> list[ApiKey]:
    """Read all of them."""
    return [read_key(entry.strip()) for entry in LISTED.split(",")]
