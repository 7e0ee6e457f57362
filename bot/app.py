"""The processes: what each of them runs, and the order in which it stops."""

import sys
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from functools import partial
from socket import socket
from typing import TYPE_CHECKING, Any, NoReturn, cast

from fastapi import FastAPI
from pydantic import SecretStr
from redis.exceptions import RedisError
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot import bootstrap, keyrings, production, simulated_phones
from bot.bootstrap import Application
from bot.channels.telegram import setup as telegram_setup
from bot.redis.wait import Wait
from bot.sandbox.pretend import PretendWispHub
from bot.sandbox.server import KEY, Sandbox
from bot.sandbox.server import running as running_sandbox
from bot.settings import Settings, SettingsError, reveal, split_list
from bot.supervisor import (
    Front,
    Loop,
    Server,
    create_server,
    ending_at_signal,
    listen,
    on_signal,
    settle_collector,
    supervise,
)
from handlers import routes, webhooks
from handlers.api import clients, health, reference
from handlers.api.clients import PREFIX, envelope
from handlers.errors import Unavailable
from handlers.pages.compression import compress_pages
from handlers.pages.security import HostMiddleware, SecurityMiddleware
from state.roles import Act
from state.store.formats import NewerFormat

if TYPE_CHECKING:
    from bot.channels.telegram.polling import Poller

_COME_AGAIN = {"Refresh": "5"}  # a browser asks again by itself
_YEAR = "max-age=31536000"
_LOOPBACK = ("127.0.0.1", "::1", "localhost")
_DEMO_COMPANY = {
    "company_name": "FibraNet",
    "company_nit": "900123456-8",
    "company_address": "Calle 1 # 2-3, Tunja",
    "company_phone": "608 740 1234",
    "company_email": "datos@fibranet.example",
    "privacy_url": "https://fibranet.example/datos",
}


async def demo(settings: Settings, *, telegram: bool) -> None:
    """Run everything in one process, with a pretend WispHub, for this machine only.

    With `telegram` a real bot answers too, which fetches its updates and needs no public address.

    Raises:
        SettingsError: it would be reachable from outside this machine.
    """
    if settings.host not in _LOOPBACK:
        raise SettingsError("ENLACE_HOST: the demonstration runs on this machine only: 127.0.0.1")
    chosen = _demonstrating(settings, telegram=telegram)
    keyring = keyrings.read_keyring(chosen)
    async with AsyncExitStack() as stack:
        stack.enter_context(ending_at_signal())
        wait = Wait()
        front = open_front(chosen, listen(chosen.host, chosen.port), wait, stack)
        metrics = _open_metrics(chosen, stack)
        sandbox = Sandbox(file=chosen.data_dir / "wisphub.json")
        await stack.enter_async_context(running_sandbox(sandbox))
        application = await stack.enter_async_context(
            bootstrap.build_application(
                chosen,
                keyring=keyring,
                wisphub=(sandbox.url, KEY),
                demonstrates=True,
                wait=wait,
            )
        )
        phones = simulated_phones.create_routes(application, PretendWispHub(sandbox))
        app = create_app(application, phones, front="/simulador")
        poller = await stack.enter_async_context(
            telegram_setup.open_poller(chosen, application.intake)
        )
        await serve(application, app, front, worker=True, poller=poller, metrics=metrics)


async def run(settings: Settings, *, web: bool, worker: bool) -> None:
    """Run web, worker, or both.

    Raises:
        SettingsError: something is missing, or cannot work in production.
    """
    production.require(settings, web=web)
    keyring = keyrings.read_keyring(settings)
    wisphub = (settings.wisphub_url, reveal(settings.wisphub_key))
    async with AsyncExitStack() as stack:
        stack.enter_context(ending_at_signal())
        wait, front, metrics = Wait(), None, None
        if web:
            front = open_front(settings, listen(settings.host, settings.port), wait, stack)
            metrics = _open_metrics(settings, stack)
        application = await stack.enter_async_context(
            bootstrap.build_application(
                settings, keyring=keyring, wisphub=wisphub, sends=worker, wait=wait
            )
        )
        polls = settings if worker else settings.model_copy(update={"telegram_polling": False})
        poller = await stack.enter_async_context(
            telegram_setup.open_poller(polls, application.intake)
        )
        app = create_app(application, front="/consola") if web else None
        await serve(application, app, front, worker=worker, poller=poller, metrics=metrics)


def open_front(settings: Settings, opened: socket, wait: Wait, stack: AsyncExitStack) -> Front:
    """Answer on a socket until the stack is closed; at first, that Redis is waited for."""
    stack.callback(opened.close)
    front = Front(opened, create_waiting_app(wait), _headers(settings))
    stack.push_async_callback(front.aclose)
    return front


def create_waiting_app(wait: Wait) -> ASGIApp:
    """Assemble what is answered until Redis serves: alive, but not ready; come again."""

    async def refuse() -> NoReturn:
        raise RedisError

    routes = health.create_routes(
        writes=refuse,
        explain=lambda _: wait.reason,
        clocks=refuse,
        rejections=refuse,
        closings=refuse,
    )
    return Starlette(routes=routes, exception_handlers={404: _away, 405: _away})


def create_app(application: Application, *extra: Sequence[BaseRoute], front: str) -> ASGIApp:
    """Assemble all routes; `/` redirects to `front`.

    The webhooks, which get nearly all calls, are a separate application: the middleware of the
    pages would cost each call as much as its turn.
    """
    away: Mapping[Any, Any] = {
        RedisError: _away,
        Unavailable: _away,
        NewerFormat: _away,
        ClientDisconnect: _answer_nobody,
    }
    hooks = webhooks.create_routes(application.intake, application.receivers)
    machines = Starlette(routes=list(hooks), exception_handlers=away)
    pages = _create_pages(application, *extra, front=front)
    for error, handler in away.items():
        pages.add_exception_handler(error, handler)

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and application.store.formats.newer:
            answer = await _away(Request(scope), NewerFormat())
            await answer(scope, receive, send)
            return
        if scope["type"] == "http":
            path = webhooks.tidy_path(scope["path"])
            if path.startswith(webhooks.PREFIX):
                await machines({**scope, "path": path}, receive, send)
                return
        await pages(scope, receive, send)

    return _place_behind_proxies(application, dispatch)


def _place_behind_proxies(application: Application, app: ASGIApp) -> ASGIApp:
    """Have the app see the caller's own address, where a trusted proxy tells it.

    That is the right-most entry of `X-Forwarded-For` that is no trusted proxy: what stands further
    left, anybody can write.
    """
    settings = application.settings
    if application.demonstrates:
        app = HostMiddleware(app, settings.public_origin)
    proxies = [part for part in settings.trusted_proxies.split(",") if part]
    if proxies:
        app = cast("ASGIApp", ProxyHeadersMiddleware(cast("Any", app), proxies))
    return app


def _create_pages(application: Application, *extra: Sequence[BaseRoute], front: str) -> FastAPI:
    """Assemble the API and the pages, behind the security headers."""
    access, gate = application.access, application.gate()
    api = clients.create_api(updates=application.updates(), access=access)
    is_member = partial(gate.allows, act=Act.READ_REFERENCE)
    apart = application.settings.metrics_port is not None
    app = routes.assemble(
        api,
        health.create_routes(
            writes=application.store.check_writing,
            explain=application.outage.explain,
            clocks=application.store.clocks.list_far,
            rejections=application.store.rejections.list,
            closings=lambda: application.store.rejections.list_closings(now=bootstrap.clock()),
        ),
        () if apart else application.metrics().routes(),
        reference.create_routes(api, access=access, is_member=is_member),
        application.requests(),
        application.console(),
        *extra,
        front=front,
    )
    public = application.settings.public_origin
    app.user_middleware.append(Middleware(SecurityMiddleware, application.auditor, public))
    app.user_middleware.append(Middleware(compress_pages))
    return app


def create_metrics(application: Application) -> ASGIApp:
    """Assemble what the metrics' own port serves."""
    away: Mapping[Any, Any] = {RedisError: _away, Unavailable: _away}
    app = Starlette(routes=application.metrics().routes(apart=True), exception_handlers=away)
    return _place_behind_proxies(application, app)


def _headers(settings: Settings) -> Sequence[tuple[str, str]]:
    """List the headers of every answer.

    Behind https browsers are to come by https only, for a year. Other hosts of the domain are not
    ours to decide for: no `includeSubDomains`.
    """
    return [("strict-transport-security", _YEAR)] if settings.is_public_over_https else []


def _open_metrics(settings: Settings, stack: AsyncExitStack) -> socket | None:
    if settings.metrics_port is None:
        return None
    opened = listen(settings.host, settings.metrics_port)
    stack.callback(opened.close)
    return opened


async def serve(
    application: Application,
    app: ASGIApp | None,
    front: Front | None,
    *,
    worker: bool,
    poller: "Poller | None" = None,
    metrics: socket | None = None,
) -> None:
    """Run until a signal: close the streams, then the servers, then the worker.

    `front` serves `app` from now on. `metrics` is the socket of the counters, where they have a
    port of their own.

    Raises:
        NewerFormat: a newer version of Enlace came; the process has stopped as at a signal.
    """
    loops: list[Loop] = []
    servers: list[Front | Server] = []
    if front is not None and app is not None:
        servers.append(front)
        loops += [partial(application.hub.run, application.store.feed), front.run]
    if metrics is not None:
        counters = create_server(
            create_metrics(application), headers=_headers(application.settings)
        )
        servers.append(counters)
        loops.append(partial(counters.serve, sockets=[metrics]))
    forever: list[Loop] = []
    if worker:
        loops.append(application.worker.run)
    if poller is not None:
        loops.append(poller.run)
    if application.server is not None:
        forever.append(application.server.watch)

    def stop() -> None:
        application.outage.stop()
        application.upgrading.stop()
        application.probing.stop()
        application.hub.close()
        application.worker.stop()
        if poller is not None:
            poller.stop()
        for server in servers:
            server.stop()

    loops.append(partial(application.upgrading.run, stop))
    loops.append(application.probing.run)
    on_signal(stop)
    opened = None if front is None else front.opened
    await application.outage.repeat("start", partial(_welcome, application, opened, metrics))
    settle_collector()
    if front is not None and app is not None:
        front.app = app
    await supervise(loops, forever=forever)
    application.store.formats.check()


async def _away(request: Request, error: Exception) -> Response:
    """Answer 503 while Redis is unavailable, full, failing over, or a newer version's."""
    wait = error.retry_after if isinstance(error, Unavailable) else 2.0
    headers = {"Retry-After": str(max(1, round(wait)))}
    message = "El sistema no está disponible por un momento. Intente de nuevo en unos segundos."
    if request.url.path.startswith(PREFIX):
        return envelope(503, message, headers=headers)
    if "text/html" in request.headers.get("accept", ""):
        return PlainTextResponse(message, 503, headers | _COME_AGAIN)
    return JSONResponse({"ok": False, "message": message}, 503, headers)


async def _answer_nobody(_request: Request, _error: Exception) -> Response:
    """Give an answer that nobody gets: the caller hung up, or was too slow for the server."""
    return Response(status_code=408)


def _demonstrating(settings: Settings, *, telegram: bool) -> Settings:
    """Fill in the demonstration's settings; only the bot that was requested is real."""
    missing: dict[str, Any] = {
        name: value for name, value in _DEMO_COMPANY.items() if not getattr(settings, name)
    }
    if "codes" not in settings.model_fields_set:
        missing["codes"] = "simulator"
    real = {"whatsapp_token": None, "whatsapp_phone_number_id": "", "telegram_polling": telegram}
    if not telegram:
        real["telegram_token"] = None
    chosen = settings.model_copy(update=missing | real)
    if split_list(chosen.secret_keys):
        return chosen
    key = SecretStr(keyrings.read_own_key(chosen.data_dir / "secret.key"))
    return chosen.model_copy(update={"secret_keys": key})


async def _welcome(application: Application, socket: socket | None, metrics: socket | None) -> None:
    """Print on the terminal that we are ready, and the addresses."""
    lines = [] if socket is None else await _places(application, socket)
    if metrics is not None:
        lines.append(f"  {'Métricas':<22} {_address(metrics)}/metrics")
    sys.stdout.write("\n".join(["", "Enlace está listo.", *lines, "", ""]))
    sys.stdout.flush()


async def _places(application: Application, socket: socket) -> list[str]:
    base = application.settings.public_url.rstrip("/") or _address(socket)
    places = {"Consola del personal": "/consola", "API": "/docs"}
    if application.demonstrates:
        places = {"Teléfono de prueba": "/simulador", **places}
    lines = [f"  {name:<22} {base}{path}" for name, path in places.items()]
    staff = application.store.staff
    if await staff.members.any():
        return lines
    told = "enlace staff add NAME"  # its link must not stay in a service's log
    if application.demonstrates:
        told = f"{base}/consola/inicio/{await staff.first_link(now=bootstrap.clock())}"
    return [*lines, f"  {'Primer administrador':<22} {told}"]


def _address(opened: socket) -> str:
    host, port = opened.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
