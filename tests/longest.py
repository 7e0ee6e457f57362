"""Texts with the longest values that are usual in their places."""

from collections.abc import Iterator
from string import Formatter

from handlers.texts import Company
from state.messages import CATALOGUE
from state.messages.places import PLACES


def fill(name: str) -> str:
    """Give the longest value of a place."""
    return PLACES[name].longest_value


COMPANY = Company(
    name=fill("razon_social"),
    nit=fill("nit"),
    address=fill("direccion_isp"),
    phone=fill("tel_isp"),
    email=fill("email_isp"),
    privacy_url=fill("url_politica"),
)


def list_places(text: str) -> set[str]:
    """List the places that a text names."""
    return {field for _, field, _, _ in Formatter().parse(text) if field}


def list_longest() -> Iterator[tuple[str, str]]:
    """Give every text of the catalogue by its name, as long as it becomes."""
    values = {name: fill(name) for name in PLACES}
    for name, message in CATALOGUE.items():
        yield name, message.text.format_map(values)
