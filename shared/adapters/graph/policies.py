"""The tenant's Conditional Access policies, from Microsoft Graph."""

import asyncio
import math
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Any, Final, Generic, TypeVar

from shared.adapters.graph.answers import Page
from shared.adapters.graph.calls.tenant import LIST_LOCATIONS, LIST_POLICIES
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.pages import read_pages
from shared.adapters.graph.sweep.conditional_access import (
    LocationAnswer,
    locations_of,
    switched_on,
)
from shared.adapters.graph.sweep.sending import unless_refused
from shared.adapters.graph.sweep.strengths import strengths_told_with
from shared.application.ports.clock import Clock
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.answers import MfaRequired
from shared.domain.conditional_access.asking import mfa_required
from shared.domain.conditional_access.locations import Locations
from shared.domain.conditional_access.policies import Policy
from shared.domain.conditional_access.reading import Surroundings
from shared.domain.sweep.pace import CONDITIONAL_ACCESS

_LASTS: Final = timedelta(minutes=1)
_UNREAD: Final = Unknown("The named locations were not read.")

Found = TypeVar("Found")


class GraphPolicies:
    """The port `Policies`, and the policies themselves. Nothing is older than a minute.

    The strengths that policies ask for stand in their own answer. Named locations do not, and take
    a request more and a stronger right: so they are read only when somebody asks for them.

    Args:
        client: talks to Graph.
        clock: waits between two requests; Graph takes one a second, and tells no wait.
        monotonic: seconds that never go back.
    """

    def __init__(self, client: GraphClient, clock: Clock, monotonic: Callable[[], float]) -> None:
        self._client = client
        self._clock = clock
        self._told = _Minute(self._list_policies, monotonic)
        self._places = _Minute(self._list_locations, monotonic)

    async def conditional_access(self) -> MfaRequired | Unknown:
        """Of whom the policies that are switched on require MFA, whatever the locations are."""
        told = await self._told()
        return told if isinstance(told, Unknown) else told.mfa_required

    async def switched_on(self) -> tuple[Policy, ...] | Unknown:
        """The policies that are switched on; where they apply that name locations is in doubt."""
        told = await self._told()
        return told if isinstance(told, Unknown) else told.policies

    async def located(self) -> tuple[tuple[Policy, ...], Locations] | Unknown:
        """The same with the named locations, and these."""
        told, places = await self._told(), await self._places()
        if isinstance(told, Unknown):
            return told
        return places if isinstance(places, Unknown) else (told.read(places), places)

    async def _list_policies(self) -> "_Told | Unknown":
        """`GET /v1.0/identity/conditionalAccess/policies`."""
        reading = read_pages(self._client, LIST_POLICIES, {}, Page[dict[str, Any]])
        found = await unless_refused(reading)
        return found if isinstance(found, Unknown) else _Told(found)

    async def _list_locations(self) -> Locations | Unknown:
        """`GET /v1.0/identity/conditionalAccess/namedLocations`."""
        too_soon = CONDITIONAL_ACCESS.window.total_seconds() - self._told.age
        if too_soon > 0:
            await self._clock.sleep(too_soon)
        reading = read_pages(self._client, LIST_LOCATIONS, {}, Page[LocationAnswer])
        found = await unless_refused(reading)
        # Graph does not tell whether there are trusted IPs: whoever may be hurt reckons with them.
        return found if isinstance(found, Unknown) else locations_of(found, trusted_ips=True)


class _Told:
    """The policies as Graph told them, and what follows from them."""

    def __init__(self, told: Sequence[Mapping[str, Any]]) -> None:
        self._told = told
        self._strengths = strengths_told_with(told)

    @cached_property
    def policies(self) -> tuple[Policy, ...]:
        return self.read(_UNREAD)

    @cached_property
    def mfa_required(self) -> MfaRequired:
        return mfa_required(self.policies)

    def read(self, locations: Locations | Unknown) -> tuple[Policy, ...]:
        around = Surroundings(locations=locations, strengths=self._strengths)
        return tuple(switched_on(self._told, around))


class _Minute(Generic[Found]):
    """What was read within the last minute.

    Graph answers one such request a second: workers side by side wait for the same answer.
    """

    def __init__(
        self, read: Callable[[], Awaitable[Found]], monotonic: Callable[[], float]
    ) -> None:
        self._read = read
        self._monotonic = monotonic
        self._known: tuple[float, Found] | None = None
        self._reading = asyncio.Lock()

    @property
    def age(self) -> float:
        """Seconds since it was last read."""
        return math.inf if self._known is None else self._monotonic() - self._known[0]

    async def __call__(self) -> Found:
        async with self._reading:
            if self._known is None or self.age >= _LASTS.total_seconds():
                self._known = (self._monotonic(), await self._read())
            return self._known[1]
