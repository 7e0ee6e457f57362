"""What the tests of pages share."""

from collections.abc import Iterator

import pytest

from tests.bot.demo_process import demo
from tests.handlers.pages.playing import Office


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A demonstration for all tests of a module, each with customers of its own."""
    with demo(tmp_path_factory.mktemp("office") / "data") as running:
        yield Office(running)
