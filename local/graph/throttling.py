"""Throttling: the published buckets of Microsoft Graph. Off until it is switched on.

Source: the throttling-limits page of the Graph documentation. The authentication-methods service
publishes no number and is not throttled here, nor is PIM. A limit has a window; its bucket refills
evenly over it, on the stack clock.
"""

import math
from dataclasses import dataclass

import msgspec

from local.graph.api.errors import GraphError
from local.graph.api.messages import GraphRequest
from local.graph.api.routing import Area, Route
from local.graph.tenant.times import Clock

_SMALL_TENANT = 50
_MEDIUM_TENANT = 500
_SMALL_PAGE = 20
_PERCENTAGE_SHOWN_FROM = 0.8


@dataclass(frozen=True)
class Limit:
    """So many units in so many seconds, per application and tenant."""

    name: str
    units: int
    seconds: float


READ_SMALL = Limit("Read", 3_500, 10)
READ_MEDIUM = Limit("Read", 5_000, 10)
READ_LARGE = Limit("Read", 8_000, 10)
WRITE = Limit("Write", 3_000, 150)
CONDITIONAL_ACCESS = Limit("ConditionalAccess", 1, 1)
REPORTS = Limit("Reports", 5, 10)
_EVERY_APP = ""


class ThrottlingSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How throttling runs.

    Attributes:
        time_scale: multiplies the windows, so that 0.1 turns 10 seconds into one.
        limit_scale: multiplies the units, so that a few requests are enough for a 429.
    """

    enabled: bool = False
    time_scale: float = msgspec.field(name="timeScale", default=1.0)
    limit_scale: float = msgspec.field(name="limitScale", default=1.0)

    def __post_init__(self) -> None:
        if self.time_scale <= 0 or self.limit_scale <= 0:
            raise ValueError("timeScale and limitScale are above 0")


@dataclass
class _Bucket:
    level: float
    at: float


class Throttling:
    """The token buckets of all applications.

    Args:
        clock: the stack's time.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._buckets: dict[tuple[str, str], _Bucket] = {}
        self.settings = ThrottlingSettings()

    def configure(self, settings: ThrottlingSettings) -> None:
        """Change the settings; all buckets are full again."""
        self.settings = settings
        self._buckets.clear()

    def charge(self, route: Route, request: GraphRequest, people: int) -> dict[str, str]:
        """Take what a request costs.

        Args:
            people: the size of the tenant, which decides the limit for reads.

        Returns:
            The response headers that tell the client.

        Raises:
            GraphError: 429 with `Retry-After`.
        """
        if not self.settings.enabled:
            return {}
        if route.area is Area.CONDITIONAL_ACCESS:
            return self._charge_conditional_access()
        if route.area not in {Area.DIRECTORY, Area.REPORTS}:
            return {}
        is_report = route.area is Area.REPORTS
        limit = REPORTS if is_report else _limit(request, people)
        cost = 1 if is_report else cost_of(route, request)
        units = limit.units * self.settings.limit_scale
        seconds = limit.seconds * self.settings.time_scale
        bucket = self._filled(request.caller.app_id, limit.name, units, seconds)
        headers = {"x-ms-resource-unit": str(cost)}
        if bucket.level < cost:
            wait = (min(cost, units) - bucket.level) * seconds / units
            raise GraphError(
                429,
                "TooManyRequests",
                "Too many requests. Try again later.",
                headers={
                    **headers,
                    "Retry-After": str(max(1, math.ceil(wait))),
                    "x-ms-throttle-scope": f"Tenant_Application/{limit.name}",
                    "x-ms-throttle-information": "ResourceUnitLimitExceeded",
                },
            )
        bucket.level -= cost
        share = 1 - bucket.level / units
        if share >= _PERCENTAGE_SHOWN_FROM:
            headers["x-ms-throttle-limit-percentage"] = f"{share:.1f}"
        return headers

    def _charge_conditional_access(self) -> dict[str, str]:
        """One request a second for all applications together; a refusal tells no wait."""
        limit = CONDITIONAL_ACCESS
        seconds = limit.seconds * self.settings.time_scale
        bucket = self._filled(_EVERY_APP, limit.name, limit.units, seconds)
        if bucket.level < 1:
            raise GraphError(429, "TooManyRequests", "Too many requests. Try again later.")
        bucket.level -= 1
        return {}

    def _filled(self, app_id: str, name: str, units: float, seconds: float) -> _Bucket:
        now = self._clock().timestamp()
        bucket = self._buckets.setdefault((app_id, name), _Bucket(units, now))
        elapsed = max(0.0, now - bucket.at)
        bucket.level = min(units, bucket.level + elapsed * units / seconds)
        bucket.at = now
        return bucket


def cost_of(route: Route, request: GraphRequest) -> int:
    """What a request costs in resource units: writes cost 1, reads depend on their options."""
    if request.method != "GET":
        return 1
    top = request.query.get("$top", "")
    cheaper = ("$select" in request.query) + (top.isdigit() and int(top) < _SMALL_PAGE)
    return max(1, route.units - cheaper)


def _limit(request: GraphRequest, people: int) -> Limit:
    if request.method != "GET":
        return WRITE
    if people < _SMALL_TENANT:
        return READ_SMALL
    return READ_MEDIUM if people <= _MEDIUM_TENANT else READ_LARGE
