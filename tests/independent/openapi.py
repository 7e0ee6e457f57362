"""Judges what we would send to WhatsApp by Meta's own OpenAPI document, given as a file.

    python -m tests.independent.openapi business-messaging-api_v23.0.yaml

The document is not ours to keep here. As published it closes each half of a message to the other
half's keys (`additionalProperties` within `allOf`), so that it refuses Meta's own examples as well:
each shape is judged as published, and with the halves joined. What has no schema at all, as that a
message was read, must have the keys of an example.
"""

import sys
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]
from jsonschema_rs import Draft202012Validator

from tests.independent.shapes import shapes

_MESSAGES = "/{Version}/{Phone-Number-ID}/messages"

Verdict = list[str]
"""What is wrong, each with its place; empty if nothing is."""


def judged(document: Any, request: Any, *, joined: bool) -> Verdict:
    """Judge a request by the schema of its type."""
    schemas = document["components"]["schemas"]
    kind = request.get("type")
    reference = schemas["Message"]["discriminator"]["mapping"].get(kind)
    if reference is None:
        return [f"no schema for the type {kind}"]
    if joined:
        schemas = {name: _joined(schema) for name, schema in schemas.items()}
    components = {**document["components"], "schemas": schemas}
    schema = {"$ref": reference, "components": components}
    errors = Draft202012Validator(schema, mask="this").iter_errors(request)
    return [f"{'.'.join(map(str, it.instance_path)) or 'it'}: {it.message}" for it in errors]


def examples(document: Any) -> dict[str, Any]:
    """Read Meta's own examples of requests."""
    content = document["paths"][_MESSAGES]["post"]["requestBody"]["content"]
    return {name: it["value"] for name, it in content["application/json"]["examples"].items()}


def report(document: Any) -> list[str]:
    """Write a line for each shape of ours, after one on how Meta's own examples fare."""
    lines = []
    for joined in (False, True):
        how = "halves joined" if joined else "as published"
        own = [judged(document, it, joined=joined) for it in examples(document).values()]
        lines.append(f"{how}: of Meta's {len(own)} examples {own.count([])} are taken")
        for name, request in shapes().items():
            wrong = judged(document, request, joined=joined)
            if "type" not in request and _exemplary(document, request):
                wrong = []
            lines.append(f"{how}: {name}: {'; '.join(wrong) or 'taken'}")
    return lines


def _exemplary(document: Any, request: Any) -> bool:
    return any(_keys(example) == _keys(request) for example in examples(document).values())


def _keys(value: Any) -> Any:
    return {name: _keys(it) for name, it in value.items()} if isinstance(value, dict) else None


def _joined(schema: Any) -> Any:
    """Close a message as a whole, not one half to the other."""
    halves = schema.get("allOf", [])
    if not any("additionalProperties" in half for half in halves):
        return schema
    opened = [
        {name: value for name, value in half.items() if name != "additionalProperties"}
        for half in halves
    ]
    return {**schema, "allOf": opened, "unevaluatedProperties": False}


if __name__ == "__main__":
    text = Path(sys.argv[1]).read_text("utf-8")
    sys.stdout.write("\n".join(report(yaml.load(text, yaml.CSafeLoader))) + "\n")
