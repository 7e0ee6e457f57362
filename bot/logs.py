"""Logs: one JSON object a line on standard error, with no personal data.

Only what is passed by name is logged; the last processor drops everything that is not on the list
of harmless names, so that a careless call cannot leak a message or a number.
"""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

HARMLESS = frozenset(
    {
        "event", "level", "timestamp", "logger", "channel", "chat", "seconds", "status", "count",
        "service_id", "fields", "method", "path", "attempt", "error", "pid", "signal", "shard",
        "version", "bytes", "cut", "left", "file", "reason", "where", "host", "port", "exit_code",
    }
)  # fmt: skip
"""Names that may be logged: `chat` is always a digest, `error` a type, `path` our own route."""


def configure(*, level: int = logging.INFO) -> None:
    """Send our logs, and those of the libraries from warnings on, to standard error as JSON."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso"),
        _harmless,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(level),
        cache_logger_on_first_use=True,
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
    """Keep the names that are known to be harmless, and our own bookkeeping."""
    return {name: value for name, value in event.items() if name in HARMLESS or name[0] == "_"}


def _foreign(
    _logger: Any, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A library's message may quote what it handled: keep where it came from, not the words."""
    record = event.get("_record")
    event["event"] = "library"
    event["logger"] = getattr(record, "name", "")
    event["where"] = f"{getattr(record, 'filename', '')}:{getattr(record, 'lineno', 0)}"
    if isinstance(record, logging.LogRecord):
        record.exc_info, record.exc_text, record.stack_info = None, None, None
    return event
