"""Scripted faults: what goes wrong between the client and Graph, and when.

A fault that answers in place of Graph acts, by default, *before* the request is handled: nothing
was written. With `applied` the request is handled first and its answer is lost: the write
happened, and the client does not know. A delay likewise comes before, or with `applied` after; a
request that is only delayed is handled when the delay is over, even if its client has given up.

Inside a `$batch`, faults with a `status` act on the single steps; the others act on the batch.
"""

import re
from collections.abc import Iterator
from urllib.parse import unquote

import msgspec

from local.graph.api.errors import GraphError

_LOWEST_STATUS, _HIGHEST_STATUS = 200, 599
_WORDS = {
    429: ("TooManyRequests", "Too many requests. Try again later."),
    500: ("InternalServerError", "An internal server error occurred."),
    502: ("BadGateway", "Bad gateway."),
    503: ("ServiceUnavailable", "The service is temporarily unavailable."),
    504: ("GatewayTimeout", "The operation timed out."),
}


class Fault(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One scripted fault.

    Attributes:
        match: a regular expression, searched in `METHOD /path` as sent and as decoded; no query.
        status: answer with this status and Graph's error body.
        retry_after: seconds for `Retry-After`; left out, there is no such header.
        delay_ms: wait so many milliseconds of real time.
        drop: cut the connection without an answer.
        body: answer this text as it is (with `status`, else 200), JSON or not.
        applied: the request is handled before its answer is lost.
        every: act on each so-manieth match.
        times: act so many times, then no more.
    """

    match: str
    status: int | None = None
    retry_after: int | None = msgspec.field(name="retryAfter", default=None)
    delay_ms: int = msgspec.field(name="delayMs", default=0)
    drop: bool = False
    body: str | None = None
    applied: bool = False
    every: int = 1
    times: int | None = None

    def __post_init__(self) -> None:
        try:
            re.compile(self.match)
        except re.error as error:
            raise ValueError(f"match is no regular expression: {error}") from error
        if self.status is not None and not _LOWEST_STATUS <= self.status <= _HIGHEST_STATUS:
            raise ValueError(f"status is from {_LOWEST_STATUS} to {_HIGHEST_STATUS}")
        if self.retry_after is not None and self.status is None:
            raise ValueError("retryAfter needs a status")
        if self.drop and (self.status is not None or self.body is not None):
            raise ValueError("drop answers nothing: no status, no body")
        if not (self.replaces_answer or self.delay_ms > 0):
            raise ValueError("a fault needs status, body, drop or delayMs")
        if self.every < 1 or self.delay_ms < 0 or (self.times is not None and self.times < 1):
            raise ValueError("every and times are at least 1, delayMs at least 0")

    @property
    def replaces_answer(self) -> bool:
        """The client does not get Graph's own answer."""
        return self.drop or self.status is not None or self.body is not None

    def error(self) -> GraphError:
        """The refusal that a fault with a status answers."""
        status = 200 if self.status is None else self.status
        code, message = _WORDS.get(status, ("UnknownError", ""))
        headers = {} if self.retry_after is None else {"Retry-After": str(self.retry_after)}
        return GraphError(status, code, message, headers=headers)


class FaultState(msgspec.Struct, kw_only=True):
    """A fault and how often it matched and acted."""

    fault: Fault
    matched: int = 0
    acted: int = 0


class Faults:
    """The script: faults in the order they were added; the first one due acts."""

    def __init__(self) -> None:
        self._states: list[FaultState] = []

    def __iter__(self) -> Iterator[FaultState]:
        return iter(self._states)

    def add(self, fault: Fault) -> None:
        """Add a fault at the end of the script."""
        self._states.append(FaultState(fault=fault))

    def clear(self) -> None:
        """Forget the script."""
        self._states.clear()

    def due(self, method: str, path: str, *, in_batch: bool = False) -> Fault | None:
        """The fault that acts on this request. Every fault that matches counts the match.

        Args:
            in_batch: it is a step of a batch: only faults with a status can act.
        """
        line = f"{method} {path}"
        chosen: FaultState | None = None
        for state in self._states:
            fault = state.fault
            if not _matches(fault.match, line) or (in_batch and fault.status is None):
                continue
            state.matched += 1
            worn_out = fault.times is not None and state.acted >= fault.times
            if chosen is None and not worn_out and state.matched % fault.every == 0:
                chosen = state
        if chosen is None:
            return None
        chosen.acted += 1
        return chosen.fault


def _matches(expression: str, line: str) -> bool:
    return any(re.search(expression, text) for text in (line, unquote(line)))
