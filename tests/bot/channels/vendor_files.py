"""Where Meta and Telegram keep what customers sent, for as long as they do."""

from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

TOKEN = "EAAG"
BOT = "4242:ABC"
PICTURE = b"\xff\xd8\xff\xe0 una foto que nadie guarda \xff\xd9"


@dataclass
class VendorFiles:
    """Both vendors' files: by id, a type and the bytes.

    Attributes:
        url: where it is served.
        elsewhere: the address that Meta tells instead of its own.
        told: the size that is told, if it is not the real one.
        tokens: what callers showed.
    """

    url: str = ""
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    elsewhere: str = ""
    told: int | None = None
    tokens: list[str] = field(default_factory=list)

    def app(self) -> Starlette:
        """Build it."""
        return Starlette(
            routes=[
                Route("/v26.0/{id}", self._describe),
                Route("/bytes/{id}", self._give),
                Route("/moved/{id}", lambda _: RedirectResponse("/bytes/100")),
                Route(f"/bot{BOT}/getFile", self._find, methods=["POST"]),
                Route(f"/file/bot{BOT}/{{path:path}}", self._give_path),
            ]
        )

    def _describe(self, request: Request) -> Response:
        self.tokens.append(request.headers.get("authorization", ""))
        name = request.path_params["id"]
        if name not in self.files:
            error = {"code": 100, "error_subcode": 33, "message": "Object does not exist"}
            return JSONResponse({"error": error}, 400)
        kind, body = self.files[name]
        url = self.elsewhere or f"{self.url}/bytes/{name}"
        size = len(body) if self.told is None else self.told
        return JSONResponse({"url": url, "mime_type": kind, "file_size": size, "id": name})

    def _give(self, request: Request) -> Response:
        self.tokens.append(request.headers.get("authorization", ""))
        found = self.files.get(request.path_params["id"])
        return Response(status_code=404) if found is None else Response(found[1])

    async def _find(self, request: Request) -> Response:
        name = (await request.json())["file_id"]
        if name == "big":
            told = "Bad Request: file is too big"
            return JSONResponse({"ok": False, "error_code": 400, "description": told}, 400)
        if name not in self.files:
            told = "Bad Request: wrong file_id or the file is temporarily unavailable"
            return JSONResponse({"ok": False, "error_code": 400, "description": told}, 400)
        path, body = self.files[name]
        return JSONResponse({"ok": True, "result": {"file_path": path, "file_size": len(body)}})

    def _give_path(self, request: Request) -> Response:
        path = request.path_params["path"]
        return Response(next(body for where, body in self.files.values() if where == path))
