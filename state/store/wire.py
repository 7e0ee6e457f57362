"""The types of redis-py's answers, declared once for the type checker: bytes, never text."""

from typing import Any, cast

Line = tuple[bytes, dict[bytes, bytes]]
"""One entry of a stream: its id and its fields."""


def blob(answer: object) -> bytes | None:
    """Take one value, or none."""
    return cast("bytes | None", answer)


def number(answer: bytes | None) -> int:
    """Take a version: 0 if there is none; under what is no number nothing was ever sealed."""
    if answer is None:
        return 0
    return int(answer) if answer.isdigit() else -1


def lines(answer: Any) -> list[Line]:
    """Take a range of a stream."""
    return cast("list[Line]", answer)


def streams(answer: Any) -> list[tuple[bytes, list[Line]]]:
    """Take what several streams have new; nothing new is an empty list."""
    return cast("list[tuple[bytes, list[Line]]]", answer or [])


def blobs(answer: Any) -> list[bytes | None]:
    """Take several values, each of which may be missing."""
    return cast("list[bytes | None]", answer)


def fields(answer: Any) -> dict[bytes, bytes]:
    """Take a hash."""
    return cast("dict[bytes, bytes]", answer)


def pairs(answer: Any) -> dict[bytes, bytes]:
    """Take a hash as a round trip returns it; the two protocols encode it in two ways."""
    if isinstance(answer, dict):
        return cast("dict[bytes, bytes]", answer)
    return dict(zip(answer[::2], answer[1::2], strict=True))


def parse_scores(answer: Any) -> list[tuple[bytes, float]]:
    """Take a range of a sorted set with its scores; the two protocols nest it differently."""
    flat = [
        part for item in answer for part in (item if isinstance(item, list | tuple) else [item])
    ]
    return [(member, float(score)) for member, score in zip(flat[::2], flat[1::2], strict=True)]


def scores(answer: Any) -> list[float]:
    """Take the scores of such a range."""
    return [score for _, score in parse_scores(answer)]
