"""`PUT /api/v1/clients/{service_id}`: the update use case for other programs.

Every answer is the same envelope of five keys. Where the published page says nothing: a request
without a value is "no valid data" (400), one that cannot be parsed is 422, both before the
directory is called.
"""

from collections.abc import Callable, Coroutine, Mapping
from http import HTTPStatus
from typing import Annotated, Any, Literal

from fastapi import APIRouter, FastAPI, Path, Request, Response, Security
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, PlainTextResponse
from fastapi.routing import APIRoute
from fastapi.security import APIKeyHeader
from pydantic import BaseModel, ConfigDict
from pydantic import Field as BodyField
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

from handlers.api.access import HEADER, Access, retry_after
from handlers.api.scopes import Scope
from handlers.api.updates import Updates
from handlers.auditing import address_of
from handlers.errors import (
    Disowned,
    EnlaceError,
    NothingToUpdate,
    QuotaReached,
    UnknownService,
    UpdateFailed,
)
from handlers.use_cases import FAILED, NOTHING, UPDATED
from state.fields.table import Field
from state.messages.staff import API_FIELDS, Api

PREFIX = "/api/"

_LONGEST_BODY = 64 * 1024
_TEXT = r"^[^\u0000-\u001f\u007f]*$"


class ClientUpdate(BaseModel):
    """What to write; a field that is absent, null or blank stays as it is."""

    model_config = ConfigDict(
        extra="ignore",
        strict=True,
        json_schema_extra={
            "anyOf": [
                {
                    "required": [name],
                    "properties": {
                        name: {"type": "string", "pattern": r"[^\s\u0000-\u001f\u007f]"}
                    },
                }
                for name in ("document", "phone")
            ],
            "examples": [{"document": "1234567890", "phone": "+573001234567"}],
        },
    )

    document: str | None = BodyField(default=None, max_length=40, pattern=_TEXT)
    phone: str | None = BodyField(default=None, max_length=200, pattern=_TEXT)


class BackendResponse(BaseModel):
    """The envelope of every answer."""

    ok: bool
    type: Literal["success", "error"]
    action: Literal["client_updated", "client_update_failed", "error"]
    data: None
    message: str


_ANSWERS: dict[int | str, dict[str, Any]] = {
    400: {"model": BackendResponse, "description": "No valid data"},
    401: {"model": BackendResponse, "description": "No or a wrong X-API-Key"},
    403: {"model": BackendResponse, "description": "The key may not update clients"},
    404: {"model": BackendResponse, "description": "No client with that service_id"},
    409: {
        "model": BackendResponse,
        "description": "The holder said that a change was not theirs: staff must see to it first",
    },
    405: {"model": BackendResponse, "description": "Only PUT"},
    413: {"model": BackendResponse, "description": "The body is too large"},
    422: {"model": BackendResponse, "description": "A part of the request cannot be parsed"},
    429: {
        "model": BackendResponse,
        "description": "Too many calls by the key, or writes to the client",
        "headers": {
            "Retry-After": {
                "description": "Seconds until there is room for another one",
                "required": True,
                "schema": {"type": "integer", "minimum": 1},
            }
        },
    },
    500: {"model": BackendResponse, "description": "The values were not stored in WispHub"},
    503: {"model": BackendResponse, "description": "Unavailable: retry after Retry-After seconds"},
    "default": {"model": BackendResponse, "description": "Any other failure"},
}

_FAILURES: dict[type[EnlaceError], tuple[int, str]] = {
    NothingToUpdate: (400, NOTHING),
    UnknownService: (404, FAILED),
    Disowned: (409, Api.CONTESTED),
    QuotaReached: (429, Api.TOO_MANY),
    UpdateFailed: (500, FAILED),
}
"""The status and the message of each failure of an update."""


def create_api(*, updates: Updates, access: Access) -> FastAPI:
    """Build the API; without keys it is open, which only the demonstration may be."""
    api = FastAPI(
        title="Enlace",
        version="1",
        description="Updates critical profile data of a client in WispHub.",
        openapi_url=None,  # handlers/api/reference.py: not for everybody
        docs_url=None,
        redoc_url=None,
        redirect_slashes=False,
        telemetry={"logs": False},
    )
    api.include_router(_router(updates, access))
    api.add_exception_handler(RequestValidationError, _unreadable)
    api.add_exception_handler(HTTPException, _refuse)
    return api


def envelope(
    status: int, message: str, *, action: str = "error", headers: dict[str, str] | None = None
) -> JSONResponse:
    """Build an error answer."""
    content = {"ok": False, "type": "error", "action": action, "data": None, "message": message}
    return JSONResponse(content, status, headers)


def _router(updates: Updates, access: Access) -> APIRouter:
    documented = [Security(APIKeyHeader(name=HEADER, auto_error=False))] if access.keys else []
    router = APIRouter(route_class=_require_key(access), dependencies=documented)

    @router.put(
        "/api/v1/clients/{service_id}",
        response_model=BackendResponse,
        responses=_ANSWERS,
    )
    async def update(
        service_id: Annotated[str, Path(pattern=r"^[1-9][0-9]{0,17}$", examples=["12345"])],
        body: ClientUpdate,
        request: Request,
    ) -> Response:
        """Update the document, the phone or both; what is not given stays as it is."""
        given = {Field.DOCUMENT: body.document, Field.PHONE: body.phone}
        return await _update(updates, request, int(service_id), given)

    return router


async def _update(
    updates: Updates, request: Request, service_id: int, given: Mapping[Field, str | None]
) -> JSONResponse:
    try:
        await updates.update(request.state.program, service_id, given, address=address_of(request))
    except tuple(_FAILURES) as error:
        status, message = _FAILURES[type(error)]
        headers = retry_after(error.retry_after * 1000) if isinstance(error, QuotaReached) else None
        return envelope(status, message, action="client_update_failed", headers=headers)
    return JSONResponse(
        {
            "ok": True,
            "type": "success",
            "action": "client_updated",
            "data": None,
            "message": UPDATED,
        }
    )


def _require_key(access: Access) -> type[APIRoute]:
    """Make a route that checks the key before it reads the rest of the request."""

    class Guarded(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def handle_with_key(request: Request) -> Response:
                request.state.program = await access.admit(request, Scope.UPDATE)
                return await handle(Request(request.scope, _limit_body(request)))

            return handle_with_key

    return Guarded


def _limit_body(request: Request) -> Receive:
    """Stop reading a body that is too large, whatever its declared length."""
    read = 0

    async def receive() -> Message:
        nonlocal read
        message = await request.receive()
        read += len(message.get("body", b""))
        if read > _LONGEST_BODY:
            raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        return message

    return receive


async def _unreadable(_request: Request, error: Exception) -> Response:
    """Name the field that cannot be parsed, never its value."""
    assert isinstance(error, RequestValidationError)
    names = (str(part) for problem in error.errors() for part in problem["loc"])
    field = next((API_FIELDS[name] for name in names if name in API_FIELDS), None)
    message = Api.UNREADABLE if field is None else Api.INVALID_FIELD.format(field=field)
    return envelope(HTTPStatus.UNPROCESSABLE_ENTITY, message)


_MESSAGES = {
    400: Api.UNREADABLE,
    404: Api.NO_PATH,
    405: Api.NO_METHOD,
    413: Api.TOO_LARGE,
}


async def _refuse(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    headers = dict(error.headers or {})
    if not request.url.path.startswith(PREFIX):
        return PlainTextResponse(error.detail, error.status_code, headers)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if error.status_code == 400 else error.status_code
    action = "client_update_failed" if status == HTTPStatus.TOO_MANY_REQUESTS else "error"
    message = _MESSAGES.get(error.status_code, error.detail)
    return envelope(status, message, action=action, headers=headers)
