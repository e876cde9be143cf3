"""Sends the calls of a sweep, each in its turn."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final, TypeVar

from shared.adapters.graph.answers import Page
from shared.adapters.graph.calls.call import Call, as_usual
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.pages import Sender, read_pages
from shared.application.ports.pace import Pace
from shared.domain.authentication import Unknown
from shared.domain.errors.directory import (
    AccountNotVisible,
    DirectoryUnavailable,
    LicenceMissing,
    MalformedAnswer,
    PermissionMissing,
    RequestRejected,
    Throttled,
)

Item = TypeVar("Item")
Found = TypeVar("Found")

HeldRoles = Callable[[], Awaitable[frozenset[str] | Unknown]]
"""Which application roles our own token holds."""

_MOST_PAGES: Final = 100
_FOR_GOOD: Final = (PermissionMissing, RequestRejected, AccountNotVisible)
"""A resource of the tenant that is not there is none of this cloud's."""
_ON_THE_LAST_TRY: Final = (*_FOR_GOOD, Throttled, DirectoryUnavailable, MalformedAnswer)
"""What has not passed by then."""


class PacedGraph:
    """Sends calls; where a limit is published, not before their turn.

    Args:
        client: sends the requests.
        pace: gives the turns.
    """

    def __init__(self, client: GraphClient, pace: Pace) -> None:
        self._client = client
        self._pace = pace

    def is_own(self, link: str) -> bool:
        """Whether an address is on the Graph that we talk to."""
        return self._client.is_own(link)

    async def send(
        self, call: Call, values: Mapping[str, str], content: bytes | None = None
    ) -> bytes:
        """Make a call and return the bytes of the answer. Raises as `GraphClient.send`."""
        if call.limit is not None:
            await self._pace.wait(call.limit)
        return await self._client.send(call, values, content)


class PromptGraph:
    """Sends the same calls for a case: at the usual priority, and without waiting for a turn.

    Args:
        client: sends the requests.
    """

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    def is_own(self, link: str) -> bool:
        """Whether an address is on the Graph that we talk to."""
        return self._client.is_own(link)

    async def send(
        self, call: Call, values: Mapping[str, str], content: bytes | None = None
    ) -> bytes:
        """Make a call and return the bytes of the answer. Raises as `GraphClient.send`."""
        return await self._client.send(as_usual(call), values, content)


class Lists:
    """Reads lists of the whole tenant, and believes no empty one without the right to read it.

    Args:
        graph: sends the requests.
        held_roles: tells our own token's roles.
        last_try: whether what is in passing trouble is `Unknown`, too.
    """

    def __init__(self, graph: Sender, held_roles: HeldRoles, *, last_try: bool = False) -> None:
        self._graph = graph
        self._held_roles = held_roles
        self._in_the_way = _ON_THE_LAST_TRY if last_try else _FOR_GOOD

    async def read(
        self, call: Call, page_type: type[Page[Item]], **values: str
    ) -> list[Item] | Unknown:
        """All rows; `Unknown` where the call is refused, or nothing comes that we may read."""
        reading = read_pages(self._graph, call, values, page_type, most=_MOST_PAGES)
        found = await self.unless_refused(reading)
        return found or await self._nothing(call)

    async def read_licensed(
        self, call: Call, page_type: type[Page[Item]], **values: str
    ) -> list[Item] | Unknown:
        """The same where it takes a licence; without it there is surely nothing."""
        reading = read_pages(self._graph, call, values, page_type, most=_MOST_PAGES)
        try:
            found = await reading
        except LicenceMissing:
            return []
        except self._in_the_way as error:
            return Unknown(error.detail)
        return found or await self._nothing(call)

    async def unless_refused(self, reading: Awaitable[Found]) -> Found | Unknown:
        """What is read; `Unknown` where something is in the way for good, or still on a last try.

        Raises:
            LifecycleError: the directory is in passing trouble.
        """
        try:
            return await reading
        except self._in_the_way as error:
            return Unknown(error.detail)

    async def _nothing(self, call: Call) -> list[Item] | Unknown:
        held = await self._held_roles()
        if isinstance(held, Unknown):
            return held
        if call.role not in held:
            return Unknown(f"{call.operation}: an empty answer without the role {call.role}.")
        return []


async def unless_refused(reading: Awaitable[Found]) -> Found | Unknown:
    """What is read; `Unknown` where that is refused for good.

    Raises:
        LifecycleError: the directory is in passing trouble.
    """
    try:
        return await reading
    except _FOR_GOOD as error:
        return Unknown(error.detail)
