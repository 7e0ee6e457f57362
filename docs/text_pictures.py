"""Takes a picture of every text as each vendor shows it on a small phone: `make text-pictures`."""

import asyncio
import tempfile
from pathlib import Path

from playwright.async_api import Browser, async_playwright

from tests.bot.demo_process import Demo, demo
from tests.chromium import executable

PICTURES = Path(__file__).parents[1] / "dist" / "texts"
LOOKS = ("whatsapp", "telegram")
WIDTH = 360
_TOGETHER = 2  # device pixels to one of ours


async def take(running: Demo) -> None:
    """Take all pictures: a file a text and vendor, and a sheet of each vendor."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable())
        for look in LOOKS:
            count = await _take_all(browser, f"{running.url}/simulador/textos?look={look}", look)
            print(f"{count} texts: {PICTURES / look}")  # noqa: T201  # for who runs it
        await browser.close()


async def _take_all(browser: Browser, url: str, look: str) -> int:
    page = await browser.new_page(
        viewport={"width": WIDTH, "height": 800}, device_scale_factor=_TOGETHER, locale="es-CO"
    )
    await page.goto(url)
    (PICTURES / look).mkdir(parents=True, exist_ok=True)
    sections = await page.locator("section[id]").all()
    for section in sections:
        name = await section.get_attribute("id")
        await section.screenshot(path=PICTURES / look / f"{name}.png")
    await page.close()
    return len(sections)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as directory, demo(Path(directory) / "data") as running:
        asyncio.run(take(running))
