"""Pages and static files are sent compressed; event streams and the API's answers are not.

What is compressed together may tell by its length whether two parts are alike (BREACH). That needs
an attacker who makes a member's browser ask again and again, which sites elsewhere cannot with a
cookie that is `SameSite=Lax`, and who sees the lengths; what customers write stands beside values
that are masked. A page that holds a secret whole, a one-time link or a code, is not compressed.
"""

from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Receive, Scope, Send

_LEAST = 1_000  # bytes
_LEVEL = 6
_PLACES = ("/static/", "/consola", "/simulador", "/docs")
_SECRET = ("/consola/personal", "/consola/inicio", "/consola/entrar")


def compress_pages(app: ASGIApp) -> ASGIApp:
    """Compress what browsers get of an application."""
    compressed = GZipMiddleware(app, minimum_size=_LEAST, compresslevel=_LEVEL)

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        path = scope.get("path", "")
        whole = path.startswith(_SECRET) or path.endswith(("/codigo", "/mostrar", "/copia"))
        chosen = compressed if path.startswith(_PLACES) and not whole else app
        await chosen(scope, receive, send)

    return answer
