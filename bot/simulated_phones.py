"""Connects the simulated phones' pages with the real house and a pretend directory."""

from collections.abc import Sequence

from starlette.routing import BaseRoute

from bot.bootstrap import Application, clock, describe_company
from bot.channels.simulator import present
from handlers.simulator.gallery import Gallery
from handlers.simulator.handsets import PretendDirectory
from handlers.simulator.pages import SimulatorPages
from handlers.texts import Texts


def create_routes(application: Application, pretended: PretendDirectory) -> Sequence[BaseRoute]:
    """Build the routes of `/simulador`."""
    company = describe_company(application.settings)
    gallery = Gallery(texts=Texts(company), present=present, company=company.name, clock=clock)
    phones = SimulatorPages(
        store=application.store,
        turns=application.turns,
        intake=application.intake,
        hub=application.hub,
        clock=clock,
        pretended=pretended,
        company=company.name,
    )
    return [*gallery.routes(), *phones.routes()]
