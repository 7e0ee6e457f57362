"""Logs: one JSON object per line on standard error, without personal data.

Only named values are logged; the last processor drops every name that is not on the list of
harmless ones, so that a careless call cannot leak a message or a number.
"""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

from handlers.errors import first, place

HARMLESS = frozenset(
    {
        "event", "level", "timestamp", "logger", "channel", "chat", "seconds", "status", "count",
        "service_id", "fields", "method", "path", "attempt", "error", "pid", "signal", "shard",
        "version", "bytes", "cut", "left", "file", "reason", "where", "host", "port", "exit_code",
        "program", "outcome", "act", "result", "member", "source", "whom", "kind",
    }
)  # fmt: skip
"""Names that may be logged: `chat` is always a digest, `error` a type, `path` our own route,
`program` the name of an API key, made of its digest, `member`, `whom` and `source` digests of a
member of staff and an address."""


def configure(*, level: int = logging.INFO) -> None:
    """Send our logs, and warnings of the libraries, to standard error as JSON."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        _harmless,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
    )
    handler = logging.StreamHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, _foreign],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger("enlace").setLevel(level)


def _harmless(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Keep the harmless names, and structlog's own ones."""
    return {name: value for name, value in event.items() if name in HARMLESS or name[0] == "_"}


def _foreign(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Drop a library's message, which may quote personal data; keep where it came from.

    For an exception, such as one in a page, keep its class and the innermost line of our code.
    """
    record = event.get("_record")
    event["event"] = "library"
    event["logger"] = getattr(record, "name", "")
    event["where"] = f"{getattr(record, 'filename', '')}:{getattr(record, 'lineno', 0)}"
    if isinstance(record, logging.LogRecord):
        raised = record.exc_info[1] if record.exc_info else None
        if raised is not None:
            event["error"] = type(first(raised)).__name__
            event["where"] = place(raised) or event["where"]
        record.exc_info, record.exc_text, record.stack_info = None, None, None
    return event
