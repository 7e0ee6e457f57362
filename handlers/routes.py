"""All paths of the application, in one place: the outside contract."""

from collections.abc import Sequence

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from handlers.pages.bundles import STATIC, answer_bundle


def assemble(api: FastAPI, *groups: Sequence[BaseRoute], front: str) -> FastAPI:
    """Add the groups of routes and the static files to the API; `/` leads to `front`."""

    async def home(_request: Request) -> RedirectResponse:
        return RedirectResponse(front)

    api.router.routes.append(Route("/", home))
    for group in groups:
        api.router.routes.extend(group)
    api.router.routes.append(Route("/static/bundles/{name}", answer_bundle))
    api.router.routes.append(Mount("/static", StaticFiles(directory=STATIC), name="static"))
    return api
