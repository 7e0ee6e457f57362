"""The few characters of a datum that may be shown to whoever has not proven that it is theirs."""

from state.fields.phones import listed

_DOT = "•"


def document(number: str) -> str:
    """Keep the last three characters, of a short number the last two."""
    if not number:
        return ""
    shown = 3 if len(number) > 6 else min(2, len(number) // 2)
    return _DOT * 5 + number[len(number) - shown :]


def phone(number: str) -> str:
    """Keep the first three and the last two digits: `300 ••• ••67`."""
    digits = "".join(c for c in number.removeprefix("+57") if c.isdigit())
    if len(digits) < 7:
        return _DOT * 5 if digits else ""
    return f"{digits[:3]} ••• ••{digits[-2:]}"


def phones(field: str) -> str:
    """Mask each number of a field that holds several."""
    return ", ".join(phone(number) for number in listed(field))


def address(text: str) -> str:
    """Keep the kind of street only."""
    words = text.split()
    return f"{words[0]} {_DOT * 5}" if words else ""


def service(plan: str, street: str) -> str:
    """Tell a service by its plan and the kind of street it is in."""
    return ", ".join(part for part in (plan, address(street)) if part)
