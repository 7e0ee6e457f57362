"""Small marks that stand for something in a list: who has a chat, by which channel it comes."""

from zlib import crc32

HUES = 8
"""How many colours there are for people; console.css has one for each."""

_ICONS = {"WhatsApp": "whatsapp", "Telegram": "telegram"}


def abbreviate(name: str) -> str:
    """Give the initials of a name: two letters at most."""
    words = name.split()
    return "".join(word[0] for word in (words[0], *words[1:][-1:])).upper() if words else ""


def pick_hue(name: str) -> int:
    """Pick a colour for a name, the same everywhere."""
    return crc32(name.encode()) % HUES


def pick_icon(channel: str) -> str:
    """Pick the icon of a channel, by its name as staff read it."""
    return _ICONS.get(channel, "phone")
