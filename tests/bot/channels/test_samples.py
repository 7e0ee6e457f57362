"""Every shape that the vendors are known to send, recorded whole, and how it is read."""

import pytest

from bot.channels import loose
from tests.samples import reading

CHANNELS = ("telegram", "whatsapp")
SAMPLES = [
    pytest.param(channel, name, id=f"{channel}-{name}")
    for channel in CHANNELS
    for name in sorted(reading.bodies(channel).keys() | reading.expected(channel).keys())
]


@pytest.mark.parametrize(("channel", "name"), SAMPLES)
def test_sample(channel: str, name: str) -> None:
    """A recorded call is read as its table says; none is without a table, nor the other way."""
    body, expected = reading.bodies(channel)[name], reading.expected(channel)[name]

    call = reading.INLETS[channel].parse(body)

    assert reading.lines(call) == expected


@pytest.mark.parametrize("channel", CHANNELS)
def test_addresses(channel: str) -> None:
    """Every chat is one of this channel and of the account that the call was for."""
    receiver = reading.INLETS[channel]
    calls = [receiver.parse(body) for body in reading.bodies(channel).values()]

    found = {(chat.channel, chat.account) for call in calls for chat, _ in call.arrived}

    assert found == {(channel, reading.ACCOUNTS[channel])}


@pytest.mark.parametrize("channel", CHANNELS)
def test_lone_surrogate_is_recorded(channel: str) -> None:
    """The half of a pair stands in the file as the vendor writes it, escaped."""
    body = reading.bodies(channel)["lone_surrogate"]

    assert rb"\ud83d " in body
    assert "\ufffd" in str(loose.parse(body))
