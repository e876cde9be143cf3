"""How large the directory is, from Microsoft Graph."""

from collections.abc import Callable
from datetime import timedelta
from typing import Final

from shared.adapters.graph.calls.people import COUNT_PEOPLE
from shared.adapters.graph.client import GraphClient
from shared.domain.authentication import Unknown
from shared.domain.errors import LifecycleError
from shared.telemetry import EventLog

_LASTS: Final = timedelta(hours=1)
_FAILURE_LASTS: Final = timedelta(minutes=5)
"""How long nobody asks again after a failure: no change waits for this number."""
_BYTE_ORDER_MARK: Final = "\ufeff"

_log = EventLog(__name__)


class GraphDirectorySize:
    """The port `DirectorySize`: one request an hour.

    Args:
        client: talks to Graph.
        monotonic: seconds that never go back.
    """

    def __init__(self, client: GraphClient, monotonic: Callable[[], float]) -> None:
        self._client = client
        self._monotonic = monotonic
        self._known: int | Unknown = Unknown("Nobody has asked yet.")
        self._until = float("-inf")

    async def people(self) -> int | Unknown:
        """`GET /v1.0/users/$count`. A failure is an unknown size, and stops nothing."""
        now = self._monotonic()
        if now >= self._until:
            self._known = await self._read()
            lasts = _FAILURE_LASTS if isinstance(self._known, Unknown) else _LASTS
            self._until = now + lasts.total_seconds()
        return self._known

    async def _read(self) -> int | Unknown:
        try:
            body = await self._client.send(COUNT_PEOPLE, {})
            return int(body.decode().lstrip(_BYTE_ORDER_MARK))
        except LifecycleError as error:
            _log.warning("directory-size.unknown", code=error.code)
            return Unknown(error.detail)
        except ValueError:
            _log.warning("directory-size.unknown", code="malformed-answer")
            return Unknown("Graph's answer is no number.")
