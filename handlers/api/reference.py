"""`/docs`: the API's schema as a page of our own; the usual one loads foreign scripts."""

import json

from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from handlers.pages.rendering import page


def create_routes(api: FastAPI) -> list[BaseRoute]:
    """Build the page of this API."""

    async def reference(_request: Request) -> Response:
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

    return [Route("/docs", reference)]
