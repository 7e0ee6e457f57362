"""The short form of the comparison of strangers; `make strangers` runs the long one."""

from pathlib import Path

import pytest

from tests.strangers.run import play
from tests.strangers.table import SIGNATURES, draw_up

pytestmark = [pytest.mark.slow, pytest.mark.vendors]


async def test_strangers(tmp_path: Path) -> None:
    """Whether or not it exists what they name, strangers see the same, as often, as ordered."""
    strangers, _ = await play(24, 1, tmp_path)
    rows = draw_up(strangers)

    assert {row.name: row.beside for row in rows if row.name in SIGNATURES} == dict.fromkeys(
        SIGNATURES, (0, 0)
    )
    assert all(len(one.shown) == 5 - (one.way.value == "datos de mi factura") for one in strangers)
