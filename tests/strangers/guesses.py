"""Who guesses what: a WispHub's services, and strangers of whom half name one of them."""

import random
from collections.abc import Sequence

from bot.sandbox import customers
from bot.sandbox.customers import Row
from tests.strangers.stranger import Stranger, Way

RATES = {"telegram": 1.9, "whatsapp": 4.5}
"""Strangers a second: eleven answers each, at 25 and 60 a second as the vendors allow."""

_SERVICES = range(100_000, 1_000_000, 37)  # what is named has no neighbour
_DOCUMENTS = range(10_000_000, 80_000_000, 37)
_GIVEN = ("Ana", "Luis", "María", "Carlos", "Paola", "Andrés", "Diana", "Jorge", "Sandra", "Iván")
_SURNAMES = (
    "Acosta",
    "Aguilar",
    "Álvarez",
    "Arango",
    "Arias",
    "Ávila",
    "Barrera",
    "Becerra",
    "Bernal",
    "Cabrera",
    "Calderón",
    "Cano",
    "Cárdenas",
    "Castro",
    "Córdoba",
    "Correa",
    "Cortés",
    "Cruz",
    "Díaz",
    "Duarte",
    "Espinosa",
    "Flórez",
    "Franco",
    "Galvis",
    "García",
    "Giraldo",
    "Gómez",
    "González",
    "Guerrero",
    "Gutiérrez",
    "Henao",
    "Hernández",
    "Herrera",
    "Jaramillo",
    "Jiménez",
    "León",
    "Londoño",
    "López",
    "Marín",
    "Martínez",
    "Medina",
    "Mejía",
    "Molina",
    "Montoya",
    "Moreno",
    "Muñoz",
    "Ortiz",
    "Ospina",
    "Parra",
    "Patiño",
    "Pérez",
    "Ramírez",
    "Restrepo",
    "Rincón",
    "Ríos",
    "Rivera",
    "Rojas",
    "Romero",
    "Salazar",
    "Sánchez",
    "Suárez",
    "Torres",
)
"""So many that a page of WispHub's holds all who have one: more pages take longer to read."""

_NOBODYS = ("Urrutia", "Villalobos", "Zambrano", "Ibarra", "Echeverri", "Llinás", "Wilches")


def invent(count: int, chance: random.Random) -> tuple[dict[int, Row], list[Stranger]]:
    """Invent a WispHub, and strangers in random order.

    As many services are there as strangers name one: each is named once. In each channel and way
    half of what is named is there.
    """
    cells = _cells(count // 2)
    services = chance.sample(_SERVICES, 2 * len(cells))
    documents = chance.sample(_DOCUMENTS, 2 * len(cells))
    pattern = list(customers.invent(count=len(cells)).values())
    there = [
        row | {"id_servicio": service, "cedula": str(document), "nombre": _name(_SURNAMES, chance)}
        for row, service, document in zip(pattern, services, documents, strict=False)
    ]
    nowhere = [
        {
            "id_servicio": service,
            "cedula": str(document),
            "nombre": f"Ana {chance.choice(_NOBODYS)}",
        }
        for service, document in zip(services[len(cells) :], documents[len(cells) :], strict=True)
    ]
    strangers = [
        _stranger(cell, row, exists=rows is there)
        for rows in (there, nowhere)
        for cell, row in zip(cells, rows, strict=True)
    ]
    chance.shuffle(strangers)
    for number, stranger in enumerate(strangers):
        stranger.chat = f"{'CO.' * (stranger.channel == 'whatsapp')}{10_000_000 + number}"
    return {row["id_servicio"]: row for row in there}, strangers


def _cells(pairs: int) -> list[tuple[str, Way]]:
    """Share so many pairs of strangers out to the channels by their rates, and to the ways."""
    telegram = round(pairs * RATES["telegram"] / sum(RATES.values()))
    channels: Sequence[str] = ["telegram"] * telegram + ["whatsapp"] * (pairs - telegram)
    ways = list(Way)
    return [(channel, ways[number % len(ways)]) for number, channel in enumerate(channels)]


def _name(surnames: Sequence[str], chance: random.Random) -> str:
    return f"{chance.choice(_GIVEN)} {chance.choice(surnames)}"


def _stranger(cell: tuple[str, Way], row: Row, *, exists: bool) -> Stranger:
    channel, way = cell
    columns = {Way.SERVICE: "id_servicio", Way.DOCUMENT: "cedula", Way.NAME: "nombre"}
    return Stranger(channel=channel, way=way, named=str(row[columns[way]]), exists=exists)
