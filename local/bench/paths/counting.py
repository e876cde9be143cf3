"""Counts the requests of a path, and tells those about its person from those for everybody."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Final
from urllib.parse import unquote

import msgspec

from local.bench.company import Company, Json
from local.bench.paths.path import Path
from local.bench.paths.requests import JOIN_ROUTE
from local.stack.environment import HR_SCHEME, HR_SOURCE
from shared.contracts.hr_events import HrEventType
from shared.domain.contacts import ContactKind
from shared.names import FunctionName

FIRST_LOOK: Final = timedelta(hours=1)
_OF_ANYBODY: Final = frozenset(
    {
        JOIN_ROUTE,
        "GET /v1.0/domains/{domain}",
        "GET /v1.0/policies/authenticationMethodsPolicy",
        "GET /v1.0/policies/identitySecurityDefaultsEnforcementPolicy",
    }
)
"""Sent anew for each person, though no address tells for whom."""


@dataclass(frozen=True, kw_only=True)
class Counts:
    """The requests of a path, by route.

    Attributes:
        own: those about its person.
        shared: those that are remembered and serve everybody for a while: tokens, break-glass
            accounts, who holds roles, the tenant's own domains, the groups that settings name.
    """

    own: Counter[str]
    shared: Counter[str]


def settings_of(path: Path) -> dict[str, str]:
    """The settings of the stack that a path needs.

    Its HR system may send all types of events; and nobody is looked at but when time is moved on,
    however slow the machine is. The timer that makes good what was lost rests: after a jump of the
    clock it takes up people whose own message is on its way, and then looks once more at them.
    """
    profile = {
        "scheme": HR_SCHEME,
        "types": [kind.value for kind in HrEventType],
        "preparation": [kind.value for kind in ContactKind],
    }
    source = {f"HR_SOURCE_{HR_SOURCE.upper()}": msgspec.json.encode(profile).decode()}
    pause = {"MFA_CHECK_FIRST_SECONDS": f"{FIRST_LOOK.total_seconds():.0f}"}
    no_recovery = {f"AzureWebJobs.{FunctionName.RECOVERY}.Disabled": "true"}
    return {**source, **pause, **no_recovery, **path.settings}


def listed(path: Path) -> Counter[str]:
    """The requests about its person that a path is known to take, by route."""
    return Counter(request.route for request in (*path.necessary, *path.beyond))


def count(path: Path, company: Company) -> Counts:
    """Walk a path and count.

    Raises:
        BenchError: it does not lead where it should.
    """
    noted: list[Json] = []
    with company.noting(noted):
        person = path.walk(company)
    own, shared = Counter[str](), Counter[str]()
    for one in noted:
        about = own if _is_about(one, person) else shared
        about[f"{one['method']} {one['route']}"] += 1
    return Counts(own=own, shared=shared)


def _is_about(request: Json, person: Json) -> bool:
    if f"{request['method']} {request['route']}" in _OF_ANYBODY:
        return True
    sent = unquote(f"{request['path']}?{request['query']}")
    named = (person["id"], person["userPrincipalName"], f"'{person['employeeId']}'")
    return any(name in sent for name in named)
