"""Amounts and days as customers read them."""

from decimal import Decimal

_MONTHS = (
    "enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre",
    "octubre", "noviembre", "diciembre",
)  # fmt: skip


def spell_pesos(amount: Decimal) -> str:
    """Write an amount: `$ 65.000`, with its cents only where there are any."""
    whole, _, cents = f"{abs(amount):,.2f}".partition(".")
    ending = "" if cents == "00" else f",{cents}"
    return f"$ {whole.replace(',', '.')}{ending}"


def spell_day(day: str, today: str) -> str:
    """Write a day (`2026-12-05`): `5 de diciembre`, with its year if that is not today's."""
    year, month, number = day.split("-")
    ending = "" if today.startswith(year) else f" de {year}"
    return f"{int(number)} de {_MONTHS[int(month) - 1]}{ending}"
