"""The office, opened once for all tests of a module."""

from collections.abc import Iterator

import pytest
from redis import Redis as BlockingRedis

from tests.office.house import Office, open_office


@pytest.fixture(scope="module")
def office(redis_url: str) -> Iterator[Office]:
    """Six members at one console."""
    with BlockingRedis.from_url(redis_url) as client:
        client.flushall()
    with open_office(redis_url) as opened:
        yield opened
