"""The short form of the comparison of strangers; `make strangers` runs the long one."""

from pathlib import Path

import pytest

from tests.strangers.run import play
from tests.strangers.table import SIGNATURES, draw_up

pytestmark = [pytest.mark.slow, pytest.mark.vendors]


async def test_strangers(tmp_path: Path) -> None:
    """Whether or not it exists what they name, strangers see the same, as often, as ordered."""
    strangers, _ = await play(48, 1, tmp_path)
    rows = draw_up(strangers)

    assert {row.name: row.unusual for row in rows if row.unusual is not None} == dict.fromkeys(
        SIGNATURES, (0, 0)
    )
    assert all(len(one.shown) == 5 - (one.way.value == "datos de mi factura") for one in strangers)
