"""What we would send to WhatsApp, judged by two libraries that are not ours.

Each builds the request for the same content, in its own keys and within its own limits; what it
builds must be what we would send. `@kapso/whatsapp-cloud-api` knows no request for a number,
counts an emoji as one, and limits no text; `whatsapp-api-js` knows every shape, and counts UTF-16
units as we do. Neither tells what Meta itself takes: see `openapi`.
"""

import json
import subprocess
from typing import Any

import pytest

from bot.channels.whatsapp.shapes import Body
from tests.independent.node import command
from tests.independent.openapi import judged, report
from tests.independent.shapes import shapes
from tests.waiting import HUNG

pytestmark = pytest.mark.slow

Verdicts = dict[str, dict[str, Any]]

JUDGES = ("kapso", "whatsapp-api-js")
UNKNOWN = {"kapso": ("number asked for", "number asked for, 1024")}


def verdicts(requests: list[Body]) -> list[Verdicts]:
    """Ask both libraries."""
    asked = subprocess.run(
        command("whatsapp.mjs"),
        input=json.dumps(requests).encode(),
        stdout=subprocess.PIPE,
        timeout=HUNG,
        check=True,
    )
    answer: list[Verdicts] = json.loads(asked.stdout)
    return answer


@pytest.fixture(scope="module")
def built() -> dict[str, Verdicts]:
    """What they say of all our shapes."""
    made = shapes()
    return dict(zip(made, verdicts(list(made.values())), strict=True))


@pytest.mark.parametrize("name", shapes())
@pytest.mark.parametrize("judge", JUDGES)
def test_we_build_what_others_build(built: dict[str, Verdicts], judge: str, name: str) -> None:
    """For the same content a library that is not ours builds the very request that we send."""
    if name in UNKNOWN.get(judge, ()):
        expected: dict[str, Any] = {"refused": "unknown here: request_contact_info"}
    else:
        expected = {"built": shapes()[name]}

    assert expected == built[name][judge]


def _spoiled(name: str, path: str, value: Any) -> Body:
    """Take one of our shapes and make one value of it wrong."""
    request = json.loads(json.dumps(shapes()[name]))
    place, *way = reversed(path.split("."))
    part = request
    for step in reversed(way):
        part = part[int(step)] if isinstance(part, list) else part[step]
    part[place] = value
    return request  # type: ignore[no-any-return]  # what `json` gives


WRONG = [
    _spoiled("text of 4096", "text.body", "a" * 4097),
    _spoiled("1 button", "interactive.body.text", "🙂" * 513),
    _spoiled("1 button", "interactive.action.buttons.0.reply.title", "🙂" * 11),
    _spoiled("1 button", "interactive.action.buttons.0.reply.id", "x" * 257),
    _spoiled("2 buttons, titles of 20", "interactive.action.buttons.0.reply.title", "🙂" * 10),
    _spoiled("list of 4", "interactive.action.button", "x" * 21),
    _spoiled("list of 4", "interactive.action.sections.0.rows.0.title", "x" * 25),
    _spoiled("list of 4", "interactive.action.sections.0.rows.0.description", "x" * 73),
    _spoiled("list of 4", "interactive.action.surprise", "x"),
    _spoiled("number asked for", "interactive.action.name", "request_contact"),
    _spoiled("template", "template.language.locale", "es"),
    _spoiled("read and typing", "typing", "text"),
]


def test_the_judges_see() -> None:
    """Of requests that are wrong in one place each is noticed by one of the libraries at least."""
    for request, said in zip(WRONG, verdicts(WRONG), strict=True):
        assert any(said[judge].get("built") != request for judge in JUDGES), request


def _document() -> dict[str, Any]:
    """Describe a text as Meta's OpenAPI does: in two halves, one closed to the other's keys."""
    text = {"type": "object", "properties": {"body": {"maxLength": 4096}}}
    half = {"required": ["text"], "properties": {"text": text}, "additionalProperties": False}
    base: dict[str, Any] = {
        "properties": {"messaging_product": {}, "recipient_type": {}, "to": {}, "type": {}}
    }
    schemas: dict[str, Any] = {
        "Message": {"discriminator": {"mapping": {"text": "#/components/schemas/Text"}}},
        "Text": {"allOf": [{"$ref": "#/components/schemas/Base"}, half]},
        "Base": base,
    }
    example = {
        "messaging_product": "",
        "status": "",
        "message_id": "",
        "typing_indicator": {"type": ""},
    }
    body = {"content": {"application/json": {"examples": {"Read": {"value": example}}}}}
    path = {"post": {"requestBody": body}}
    return {
        "paths": {"/{Version}/{Phone-Number-ID}/messages": path},
        "components": {"schemas": schemas},
    }


def test_judging_by_an_openapi_document() -> None:
    """Halves closed to each other are joined, then only what is wrong with a message is told."""
    told = report(_document())

    tracking = (
        "it: Unevaluated properties are not allowed ('biz_opaque_callback_data' was unexpected)"
    )
    assert f"halves joined: text of 4096: {tracking}" in told
    assert "halves joined: read and typing: taken" in told
    assert "halves joined: 1 button: no schema for the type interactive" in told
    assert not [line for line in told if line.startswith("as published: text") and "taken" in line]


def test_judging_counts_characters() -> None:
    """A text that is too long for the document is refused."""
    request = {**shapes()["text"], "text": {"body": "a" * 4097}}
    del request["biz_opaque_callback_data"]

    wrong = judged(_document(), request, joined=True)

    assert any("4096" in line for line in wrong), wrong
