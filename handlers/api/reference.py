"""`/docs` and `/openapi.json`: the API's schema, for who may call the API or sign in.

`/docs` is a page of our own; the usual one loads foreign scripts.
"""

import json
from collections.abc import Awaitable, Callable

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from handlers.api.access import Access
from handlers.pages.origins import is_from_this_machine
from handlers.pages.rendering import page
from state.messages.staff import Api

Admits = Callable[[Request], Awaitable[bool]]


def create_routes(api: FastAPI, *, access: Access, is_member: Admits) -> list[BaseRoute]:
    """Build the pages of this API, for this machine, programs with a key, and members."""

    def restrict(answer: Callable[[], Response]) -> Callable[[Request], Awaitable[Response]]:
        async def respond(request: Request) -> Response:
            known = is_from_this_machine(request.scope) or await access.knows(request)
            if known or await is_member(request):
                return answer()
            return PlainTextResponse(Api.NO_REFERENCE, 401)

        return respond

    def show() -> Response:
        document = api.openapi()
        operations = [
            {"method": method.upper(), "path": path, **operation}
            for path, methods in document["paths"].items()
            for method, operation in methods.items()
        ]
        schemas = {
            name: json.dumps(schema, indent=2, ensure_ascii=False)
            for name, schema in document["components"]["schemas"].items()
        }
        return page("docs.html", info=document["info"], operations=operations, schemas=schemas)

    def tell() -> Response:
        return JSONResponse(api.openapi())

    return [Route("/docs", restrict(show)), Route("/openapi.json", restrict(tell))]
