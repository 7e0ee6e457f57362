"""All paths of the application, in one place: the outside contract."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

STATIC = Path(__file__).parent / "static"


def assemble(api: FastAPI, *groups: Sequence[BaseRoute], front: str) -> FastAPI:
    """Add the groups of routes and the static files to the API; `/` leads to `front`."""

    async def home(_request: Request) -> RedirectResponse:
        return RedirectResponse(front)

    api.router.routes.append(Route("/", home))
    for group in groups:
        api.router.routes.extend(group)
    api.router.routes.append(Mount("/static", StaticFiles(directory=STATIC), name="static"))
    return api
