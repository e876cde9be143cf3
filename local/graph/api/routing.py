"""Which handler answers a path, and how Graph refuses a path that it does not have."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum

from local.graph.api.errors import (
    GraphError,
    access_denied,
    audit_permission_missing,
    bad_method_request,
    bad_request,
    method_not_allowed,
    not_modelled,
    policy_access_denied,
    request_denied,
    scope_not_granted,
    unknown_segment,
)
from local.graph.api.messages import GraphAnswer, GraphRequest, Version
from local.graph.tenant.switches import Licence
from local.graph.tenant.tenant import Tenant

BOTH = frozenset(Version)
BETA_ONLY = frozenset({Version.BETA})


class Area(Enum):
    """The service behind Graph that answers: it words the refusals and throttles."""

    DIRECTORY = "directory"
    AUTHENTICATION_METHODS = "authenticationMethods"
    PRIVILEGED_IDENTITY = "privilegedIdentity"
    CONDITIONAL_ACCESS = "conditionalAccess"
    REPORTS = "reports"

    def denied(self, permissions: frozenset[str]) -> GraphError:
        """403 in this service's words, to a token with none of these permissions."""
        match self:
            case Area.DIRECTORY:
                return request_denied()
            case Area.AUTHENTICATION_METHODS:
                return access_denied()
            case Area.CONDITIONAL_ACCESS:
                return policy_access_denied()
            case Area.REPORTS:
                return audit_permission_missing()
            case Area.PRIVILEGED_IDENTITY:
                return scope_not_granted(permissions)

    def refused(self, message: str) -> GraphError:
        """400 in this service's words."""
        if self is Area.AUTHENTICATION_METHODS:
            return bad_method_request(message)
        return bad_request(message)


@dataclass(frozen=True)
class Call:
    """What a handler gets.

    Attributes:
        parameters: the values of the template's `{names}`.
    """

    tenant: Tenant
    request: GraphRequest
    parameters: dict[str, str]

    def require(self, any_of: frozenset[str]) -> None:
        """Refuse a directory request whose token holds none of the permissions.

        Raises:
            GraphError: 403.
        """
        if not any_of & self.request.caller.roles:
            raise request_denied()


@dataclass(frozen=True)
class Route:
    """One request that is understood.

    Attributes:
        template: the path below the version, with `{names}`.
        permissions: the application permissions of which the token must hold one.
        versions: the versions that have the path.
        units: what it costs in the directory's token bucket, before `$select` and `$top`.
        licence: the tenant must have it, or the list is refused.
        hollow: a list that may answer a token without permission with nothing, as switched.
        changes: it changes the tenant, unless it is a GET.
    """

    method: str
    template: str
    handler: Callable[[Call], GraphAnswer]
    permissions: frozenset[str]
    area: Area = Area.DIRECTORY
    versions: frozenset[Version] = BOTH
    units: int = 1
    licence: Licence = Licence.FREE
    hollow: bool = False
    changes: bool = True

    @property
    def parts(self) -> tuple[str, ...]:
        """The template's segments."""
        return tuple(self.template.strip("/").split("/"))


class Router:
    """Finds routes as Graph does: by segment first, then by method.

    Args:
        routes: everything that is understood; a literal segment wins over a parameter.
    """

    def __init__(self, routes: Sequence[Route]) -> None:
        self._routes = {
            version: [(route, route.parts) for route in routes if version in route.versions]
            for version in Version
        }

    def find(self, request: GraphRequest) -> tuple[Route, dict[str, str]]:
        """The route of a request and the values in its path.

        Raises:
            GraphError: 400 for an unknown segment, 405 for an unknown method, 501 for a path that
                Graph has and the tenant does not model.
        """
        fitting = self._routes[request.version]
        for position, segment in enumerate(request.segments):
            fitting = [
                (route, parts)
                for route, parts in fitting
                if len(parts) > position and _fits(parts[position], segment)
            ]
            if not fitting:
                raise unknown_segment(segment)
        complete = [entry for entry in fitting if len(entry[1]) == len(request.segments)]
        if not complete:
            raise not_modelled(f"/{'/'.join(request.segments)}")
        most_literal = min(_parameters(parts) for _, parts in complete)
        for route, parts in complete:
            if route.method == request.method and _parameters(parts) == most_literal:
                values = zip(parts, request.segments, strict=True)
                return route, {part[1:-1]: value for part, value in values if part.startswith("{")}
        raise method_not_allowed()


def _fits(part: str, segment: str) -> bool:
    if part.startswith("{"):
        return bool(segment) and not segment.startswith("$")
    # The SDKs spell the casts `graph.group`; Graph knows the short name of its namespace too.
    return part in {segment, f"microsoft.{segment}"}


def _parameters(parts: Sequence[str]) -> int:
    return sum(part.startswith("{") for part in parts)
