"""A real browser; any console error, page error or policy violation fails the test."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.waiting import HUNG

_NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")

_NETWORK = ("net::ERR_", "htmx:sse:error", "htmx:error", "Failed to fetch")
"""What a browser says of a network that is lost."""

NewPage = Callable[..., Awaitable[Page]]


def executable() -> str:
    """Find the browser; a machine without one fails, it does not skip."""
    found = next((path for name in _NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("no Chromium on the PATH: run `make browser`")
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser, one for the test run."""
    found = executable()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=found, timeout=1000 * HUNG)
        expect.set_options(timeout=1000 * HUNG)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def new_page(chromium: Browser) -> AsyncIterator[NewPage]:
    """Makes pages; what any of them complains about fails the test, but for expected refusals."""
    complaints: list[str] = []
    contexts = []

    async def make(
        *, refusals: tuple[int, ...] = (), outages: bool = False, **options: Any
    ) -> Page:
        context = await chromium.new_context(
            locale="es-CO", timezone_id="America/Bogota", reduced_motion="reduce", **options
        )
        context.set_default_timeout(1000 * HUNG)
        contexts.append(context)
        page = await context.new_page()
        answers = tuple(f"responded with a status of {status} " for status in refusals)
        answers += _NETWORK if outages else ()
        page.on(
            "console",
            lambda m: (
                complaints.append(m.text)
                if m.type == "error" and not any(answer in m.text for answer in answers)
                else None
            ),
        )
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        await context.close()
    assert not complaints


async def accessible(page: Page) -> None:
    """Hold a page to what axe-core checks."""
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
