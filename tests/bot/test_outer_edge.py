"""Who calls, from where, and by which name: proxies, other sites, this machine, everybody else."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from pydantic import SecretStr
from redis.asyncio import Redis
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from structlog.testing import capture_logs

from bot.app import create_app, create_metrics
from bot.bootstrap import Application, build_application
from bot.commands import doctor
from bot.keyrings import read_keyring
from bot.sandbox.server import KEY, Sandbox
from bot.settings import Settings, SettingsError, read
from tests.api_keys import DECIDES, UPDATES
from tests.bot.channels.enlace_process import enlace
from tests.campaign.run import free_port
from tests.endpoint import serving
from tests.handlers.pages.test_page_errors import log
from tests.members import PASSWORD, join
from tests.waiting import HUNG

__all__ = ["log"]  # a fixture

_TOKEN = "metrics-token-of-16"
_HTTPS = "https://enlace.example"
_ABROAD = {"X-Forwarded-For": "203.0.113.5"}  # what no caller of this machine has


@pytest.fixture
async def place(redis: Redis, redis_url: str, sandbox: Sandbox) -> "Place":
    """Where houses are opened."""
    assert await redis.ping()
    return Place(redis_url, sandbox)


class Place:
    """Opens houses with settings of their own."""

    def __init__(self, redis_url: str, sandbox: Sandbox) -> None:
        self._redis_url, self._sandbox = redis_url, sandbox

    @asynccontextmanager
    async def build(
        self, *, demonstrates: bool = False, **chosen: str
    ) -> AsyncIterator[Application]:
        """Build one."""
        settings = Settings.model_validate(
            {
                "redis_url": SecretStr(self._redis_url),
                "secret_keys": SecretStr("AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA="),
                "api_keys": f"{UPDATES},{DECIDES}:decide",
                **chosen,
            }
        )
        async with build_application(
            settings,
            keyring=read_keyring(settings),
            wisphub=(self._sandbox.url, KEY),
            demonstrates=demonstrates,
        ) as house:
            yield house

    @asynccontextmanager
    async def open(
        self, *, demonstrates: bool = False, **chosen: str
    ) -> AsyncIterator[httpx.AsyncClient]:
        """Open one, and call it."""
        async with (
            self.build(demonstrates=demonstrates, **chosen) as house,
            _calling(house) as client,
        ):
            yield client


@asynccontextmanager
async def _calling(house: Application) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(house, [Route("/who", _who)], front="/consola")
    async with serving(app) as url, httpx.AsyncClient(base_url=url, timeout=HUNG) as client:
        yield client


async def _sign_in(house: Application, client: httpx.AsyncClient) -> list[str]:
    """Sign a member in; gives the cookies that the browser is to keep, the session's first."""
    await join(house.store.staff, "ana")
    form = {"name": "ana", "password": PASSWORD}
    answer = await client.post("/consola/entrar", data=form)
    client.cookies.clear()
    return answer.headers.get_list("set-cookie")


async def _who(request: Request) -> Response:
    assert request.client is not None
    return PlainTextResponse(f"{request.url.scheme} {request.client.host}")


# --- the caller's address

_CALLERS = [
    ("", "203.0.113.5", "127.0.0.1"),
    ("10.0.0.0/8", "203.0.113.5", "127.0.0.1"),
    ("127.0.0.1", "203.0.113.5", "203.0.113.5"),
    ("127.0.0.1", "198.51.100.1, 203.0.113.5", "203.0.113.5"),
    ("127.0.0.0/8, 10.0.0.0/8", "198.51.100.1, 203.0.113.5, 10.1.2.3", "203.0.113.5"),
    ("127.0.0.1, 2001:db8::/32", "2001:db9::1, 2001:db8::2", "2001:db9::1"),
    ("127.0.0.1", "", "127.0.0.1"),
]
"""Trusted proxies, what stands in `X-Forwarded-For`, and who calls."""


@pytest.mark.parametrize(("trusted", "forwarded", "seen"), _CALLERS)
async def test_caller_behind_proxies(place: Place, trusted: str, forwarded: str, seen: str) -> None:
    """The caller is the right-most address that is no trusted proxy; others are not believed."""
    headers = {"X-Forwarded-For": forwarded, "Forwarded": "for=192.0.2.9"}
    async with place.open(trusted_proxies=trusted) as client:
        assert (await client.get("/who", headers=headers)).text == f"http {seen}"


async def test_scheme_behind_a_proxy(place: Place) -> None:
    """A trusted proxy tells by which scheme it was called."""
    headers = {"X-Forwarded-For": "203.0.113.5", "X-Forwarded-Proto": "https"}
    async with place.open(trusted_proxies="127.0.0.1") as client:
        assert (await client.get("/who", headers=headers)).text == "https 203.0.113.5"


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("TRUSTED_PROXIES", "10.0.0.2, proxy.local", "entry 2: neither an address nor a network"),
        ("TRUSTED_PROXIES", "10.0.0.1/8", "write 10.0.0.2, or 10.0.0.0/8"),
        ("TRUSTED_PROXIES", "*", "entry 1: "),
        ("METRICS_TOKEN", "letras-15-aqui!", "16 ASCII characters or more"),
        ("PUBLIC_URL", "enlace.example", "begins with https:// and names a host"),
        ("PUBLIC_URL", "https://", "begins with https:// and names a host"),
    ],
)
def test_refused_settings(
    name: str, value: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be meant is refused by name, with the remedy, without the value."""
    monkeypatch.setenv(f"ENLACE_{name}", value)
    with pytest.raises(SettingsError, match=f"ENLACE_{name}: ") as refused:
        read()

    assert told in str(refused.value)
    assert "proxy.local" not in str(refused.value)
    assert "letras" not in str(refused.value)


# --- forms of other sites

_FORMS: dict[str, list[tuple[dict[str, str], int]]] = {
    _HTTPS: [
        ({"Origin": _HTTPS}, 303),
        ({"Origin": "https://ENLACE.example:443"}, 303),
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Origin": "http://enlace.example"}, 403),
        ({"Origin": f"{_HTTPS}:8443"}, 403),
        ({"Origin": "https://enlace.example.evil"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://evil.example", "Host": "evil.example"}, 403),
        ({"Origin": _HTTPS, "Sec-Fetch-Site": "cross-site"}, 403),
    ],
    f"{_HTTPS}:443/": [({"Origin": _HTTPS}, 303)],
    f"{_HTTPS}:8443": [({"Origin": f"{_HTTPS}:8443"}, 303), ({"Origin": _HTTPS}, 403)],
    "": [
        ({"Origin": "http://enlace.local", "Host": "enlace.local"}, 303),
        ({"Origin": "http://Enlace.local", "Host": "enlace.LOCAL:80"}, 303),
        ({"Origin": "http://evil.example", "Host": "enlace.local"}, 403),
        ({"Origin": "http://enlace.local:8080", "Host": "enlace.local"}, 403),
    ],
}
"""For each public address what a browser says of a form, and the answer's status."""


@pytest.mark.parametrize("public", _FORMS)
async def test_forms_of_other_sites(place: Place, public: str) -> None:
    """A form comes from our public address, whatever host a proxy calls us by."""
    async with place.open(public_url=public) as client:
        for headers, status in _FORMS[public]:
            told = {"Host": "10.0.0.7:8080", **headers}
            answer = await client.post("/consola/salir", headers=told)
            assert (headers, answer.status_code) == (headers, status)


# --- the session's cookie


async def test_cookie_over_https(place: Place) -> None:
    """Over https no other host can set the session, and sign-out clears the browser."""
    async with place.build(public_url=_HTTPS) as house, _calling(house) as client:
        entered, known = await _sign_in(house, client)
        pair = entered.split(";")[0]
        inside = await client.get("/consola", headers={"Cookie": pair})
        renamed = {"Cookie": pair.removeprefix("__Host-")}
        outside = await client.get("/consola", headers=renamed)
        left = await client.post("/consola/salir", headers={"Cookie": pair})
        after = await client.get("/consola", headers={"Cookie": pair})

    assert pair.startswith("__Host-enlace_sesion=")
    assert known.startswith("__Host-enlace_navegador=")
    for cookie in (entered, known, left.headers["set-cookie"]):
        assert {"Secure", "HttpOnly", "Path=/"} <= set(cookie.split("; "))
        assert "domain" not in cookie.lower()
    assert left.headers["set-cookie"].startswith('__Host-enlace_sesion=""; ')
    assert left.headers["clear-site-data"] == '"cache", "storage"'
    assert [answer.status_code for answer in (inside, outside, after)] == [200, 303, 303]


async def test_cookie_without_https(place: Place) -> None:
    """Without https browsers would drop such a cookie: it has its plain name."""
    async with place.build() as house, _calling(house) as client:
        entered, known = await _sign_in(house, client)

    assert entered.startswith("enlace_sesion=")
    assert known.startswith("enlace_navegador=")
    assert "Secure" not in entered + known


# --- what is not for everybody


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


_READERS: dict[str, list[tuple[dict[str, str], int]]] = {
    "": [
        ({}, 200),
        ({"Host": "localhost:1"}, 200),
        ({"Host": "[::1]:1"}, 200),
        ({"Host": "rebound.example"}, 401),
        (_ABROAD, 401),
        ({"X-Forwarded-For": "127.0.0.1"}, 401),
        ({"Forwarded": "for=127.0.0.1"}, 401),
        ({"X-Real-IP": "127.0.0.1"}, 401),
        ({**_ABROAD, "Authorization": "Bearer"}, 401),
    ],
    _TOKEN: [
        ({}, 200),
        ({**_ABROAD, **_bearer(_TOKEN)}, 200),
        ({**_ABROAD, **_bearer(f"{_TOKEN}x")}, 401),
        ({**_ABROAD, "Authorization": f"Basic {_TOKEN}"}, 401),
        ({**_ABROAD, "Authorization": f"Bearer {_TOKEN}é".encode("latin-1")}, 401),  # type: ignore[dict-item]
    ],
}
"""For each token who asks for the metrics, and the answer's status."""


@pytest.mark.parametrize("token", _READERS)
async def test_metrics(place: Place, token: str) -> None:
    """Metrics are for this machine, which no proxy's caller is, and for who has the token."""
    async with place.open(metrics_token=token) as client:
        for headers, status in _READERS[token]:
            answer = await client.get("/metrics", headers=headers)
            assert (headers, answer.status_code) == (headers, status)
            assert ("enlace_turns_total" in answer.text) == (status == 200)
            assert ("ENLACE_METRICS_TOKEN" in answer.text) == (status == 401)
            assert ("www-authenticate" in answer.headers) == (status == 401)


@pytest.mark.parametrize("trusted", ["", "127.0.0.1"])
async def test_metrics_through_a_proxy(place: Place, trusted: str) -> None:
    """Whoever comes through a proxy of this machine is not on this machine, trusted or not."""
    async with place.open(trusted_proxies=trusted) as client:
        for claimed in ("127.0.0.1", "203.0.113.5, 127.0.0.1", "::1"):
            answer = await client.get("/metrics", headers={"X-Forwarded-For": claimed})
            assert answer.status_code == 401


@pytest.mark.parametrize(("token", "status"), [("", 200), (_TOKEN, 401)])
async def test_metrics_on_a_port_of_their_own(place: Place, token: str, status: int) -> None:
    """On a port of their own metrics are for who reaches it; with a token, for who has it."""
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(place.build(metrics_port="0", metrics_token=token))
        client = await stack.enter_async_context(_calling(house))
        url = await stack.enter_async_context(serving(create_metrics(house)))
        apart = await stack.enter_async_context(httpx.AsyncClient(base_url=url, timeout=HUNG))
        plain = await apart.get("/metrics", headers=_ABROAD)
        named = await apart.get("/metrics", headers={**_ABROAD, **_bearer(_TOKEN)})
        other = await apart.get("/consola")
        main = await client.get("/metrics")

    assert (plain.status_code, named.status_code) == (status, 200)
    assert (other.status_code, main.status_code) == (404, 404)


_PROGRAMS: list[tuple[dict[str, str], int]] = [
    ({}, 200),
    (_ABROAD, 401),
    ({"Host": "rebound.example"}, 401),
    ({**_ABROAD, "X-API-Key": UPDATES}, 200),
    ({**_ABROAD, "X-API-Key": DECIDES}, 200),
    ({**_ABROAD, "X-API-Key": "x" * 32}, 401),
]


@pytest.mark.parametrize("path", ["/docs", "/openapi.json"])
async def test_reference(place: Place, path: str) -> None:
    """The API's reference is for this machine, for programs with a key, and for members."""
    with capture_logs() as logs:
        async with place.build() as house, _calling(house) as client:
            pair = (await _sign_in(house, client))[0].split(";")[0]
            members: list[tuple[dict[str, str], int]] = [
                ({**_ABROAD, "Cookie": pair}, 200),
                ({**_ABROAD, "Cookie": "enlace_sesion=falsa"}, 401),
            ]
            for headers, status in _PROGRAMS + members:
                answer = await client.get(path, headers=headers)
                assert (headers, answer.status_code) == (headers, status)
                assert ("BackendResponse" in answer.text) == (status == 200)
                assert "X-API-Key" in answer.text

    assert [log.get("act") for log in logs].count("api.key_unknown") == 1


# --- the demonstration

_HOSTS = {
    "localhost:8080": 200,
    "127.0.0.1": 200,
    "[::1]:8080": 200,
    "LocalHost": 200,
    "demo.example:9": 200,
    "rebound.example": 421,
    "127.0.0.1.rebound.example:8080": 421,
    "localhost@rebound.example": 421,
    "rebound.example@localhost": 421,
    "192.168.1.7:8080": 421,
    "": 421,
}


async def test_host_of_the_demonstration(place: Place) -> None:
    """The demonstration answers this machine's names and its public one: no rebound name."""
    async with place.open(demonstrates=True, public_url="https://demo.example") as client:
        for host, status in _HOSTS.items():
            answer = await client.get("/health/live", headers={"Host": host})
            put = await client.put("/api/v1/clients/1", json={}, headers={"Host": host})
            assert (host, answer.status_code) == (host, status)
            assert (put.status_code == 421) == (status == 421)
            assert ("localhost" in answer.text) == (status == 421)


async def test_host_elsewhere(place: Place) -> None:
    """Outside the demonstration proxies call us by whatever host they like."""
    async with place.open(public_url=_HTTPS) as client:
        answer = await client.get("/health/live", headers={"Host": "10.0.0.7:8080"})

    assert answer.status_code == 200


# --- what browsers keep


async def test_missing_asset(place: Place) -> None:
    """A style that is not there yet may be there tomorrow; what is there is kept for ever."""
    async with place.open() as client:
        missing = await client.get("/static/nada.css")
        there = await client.get("/static/enlace.css")
        kept = {"If-None-Match": there.headers["etag"]}
        same = await client.get("/static/enlace.css", headers=kept)

    assert (missing.status_code, missing.headers["cache-control"]) == (404, "no-store")
    assert same.status_code == 304
    for answer in (there, same):
        assert "immutable" in answer.headers["cache-control"]


async def test_slow_form_is_no_error(place: Place, log: io.StringIO) -> None:
    """A sign-in that drips until it is ended leaves no line in the log: anybody could fill it."""
    async with place.build() as house:
        app = create_app(house, front="/consola")
        async with serving(app, deadline=0.1) as url:
            told = await _send(
                url,
                b"POST /consola/entrar HTTP/1.1\r\nhost: x\r\ncontent-length: 9\r\n"
                b"content-type: application/x-www-form-urlencoded\r\n\r\nname=",
            )

    assert told.startswith(b"HTTP/1.1 408")
    assert "error" not in log.getvalue()


@pytest.mark.parametrize(
    ("public", "proxies", "told"),
    [(_HTTPS, "", 1), (_HTTPS, "10.0.0.2", 0), ("", "", 0)],
)
async def test_doctor_misses_the_proxy(
    place: Place,
    public: str,
    proxies: str,
    told: int,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Behind https the doctor says that no proxy is named, and what follows from it."""
    async with place.build(public_url=public, trusted_proxies=proxies) as house:
        await doctor.examine(house.settings)

    assert capsys.readouterr().out.count("ENLACE_TRUSTED_PROXIES names no proxy") == told


# --- a whole process


@pytest.mark.slow
async def test_process_at_its_edge(tmp_path: Path, sandbox: Sandbox) -> None:
    """`enlace run` binds browsers to https with every answer, and keeps the metrics apart."""
    metrics = f"http://127.0.0.1:{(port := free_port())}/metrics"
    chosen = {
        "PUBLIC_URL": _HTTPS,
        "TRUSTED_PROXIES": "127.0.0.1",
        "METRICS_PORT": str(port),
        "METRICS_TOKEN": _TOKEN,
    }
    async with (
        enlace(tmp_path, sandbox, **chosen) as web,
        httpx.AsyncClient(base_url=web.url, timeout=HUNG) as client,
    ):
        answers = {
            path: await client.get(path, headers=_ABROAD)
            for path in ("/health/live", "/nada", "/docs", "/metrics", "/webhooks/nada", metrics)
        }
        broken = await _send(web.url, b"no HTTP\r\n\r\n")
        counted = await client.get(metrics, headers={**_ABROAD, **_bearer(_TOKEN)})
        assert await web.stop() == 0

    statuses = [answer.status_code for answer in answers.values()]
    assert statuses == [200, 404, 401, 404, 404, 401]
    for answer in (*answers.values(), counted):
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
    assert b"strict-transport-security: max-age=31536000" in broken
    assert "enlace_turns_total" in counted.text


async def _send(url: str, request: bytes) -> bytes:
    """Send bytes on a connection of their own; gives all that comes back."""
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(request)
    told = await asyncio.wait_for(reader.read(), HUNG)
    writer.close()
    return told
