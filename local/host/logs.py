"""Logs as JSON lines on stderr; what a function logs carries the id of its invocation."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}

_invocation: ContextVar[tuple[str, str] | None] = ContextVar("invocation", default=None)


@contextmanager
def invocation_scope(function: str, invocation_id: str) -> Iterator[None]:
    """Everything logged inside belongs to this invocation."""
    token = _invocation.set((function, invocation_id))
    try:
        yield
    finally:
        _invocation.reset(token)


class JsonLines(logging.Formatter):
    """One JSON object a record: time, level, logger, message, the invocation, the extras."""

    def format(self, record: logging.LogRecord) -> str:
        """The line of this record."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if (invocation := _invocation.get()) is not None:
            line["function"], line["invocationId"] = invocation
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str, ensure_ascii=False)


def configure() -> None:
    """Send the records of the whole process to stderr, from level INFO."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    # The client of the bus narrates each reconnect with a traceback; the trigger says it in a line.
    logging.getLogger("azure.servicebus").setLevel(logging.CRITICAL)
    logging.getLogger("azure.core.pipeline.policies.http_logging_policy").setLevel(logging.WARNING)
