"""Points in time as the directory writes them."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]
"""The stack's time, in UTC."""


def graph_time(moment: datetime) -> str:
    """RFC 3339 in UTC with whole seconds, as in `2026-11-21T08:00:00Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def log_time(moment: datetime) -> str:
    """The same with seven digits after the second, as in the audit log."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f0Z")
