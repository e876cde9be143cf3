"""Conditional Access of the simulated tenant: who writes policies, and what reads them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

import httpx

from shared.adapters.graph.belongings import GraphBelongings
from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.coverage import GraphCoverage
from shared.adapters.graph.legacy_clients import GraphLegacyClients
from shared.adapters.graph.policies import GraphPolicies
from shared.adapters.graph.registration_guards import GraphRegistrationGuards
from shared.adapters.graph.sweep.sources import one_person_promptly
from shared.application.ports.people import Privileges
from shared.application.ports.sweep import OnePerson
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import Belonging
from shared.domain.conditional_access.policies import Policy
from shared.domain.ids import UserId
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.graph_client import Pauses
from tests.fakes.privileges import FakePrivileges
from tests.stands.graph import GraphControl, GraphStand

POLICIES: Final = "/v1.0/identity/conditionalAccess/policies"
LOCATIONS: Final = "/v1.0/identity/conditionalAccess/namedLocations"
STRENGTHS: Final = "/v1.0/policies/authenticationStrengthPolicies"
DEFAULTS: Final = "/v1.0/policies/identitySecurityDefaultsEnforcementPolicy"
EVERYBODY: Final = {"includeUsers": ["All"]}
MFA: Final = {"operator": "OR", "builtInControls": ["mfa"]}
BLOCK: Final = {"operator": "OR", "builtInControls": ["block"]}
RESET: Final = GRAPH_ROLES[App.RESET]
"""Exactly the powers of the app that resets."""


class Administrator:
    """Somebody who writes policies.

    Args:
        http: talks to Graph with their token.
    """

    def __init__(self, http: httpx.Client) -> None:
        self._http = http

    def add(
        self, users: dict[str, Any], *, state: str = "enabled", grant: object, **conditions: object
    ) -> None:
        """Write a policy, about all clients and applications unless said otherwise."""
        said = {"clientAppTypes": ["all"], "applications": {"includeApplications": ["All"]}}
        body = {
            "displayName": "A policy",
            "state": state,
            "conditions": {**said, "users": users, **conditions},
            "grantControls": grant,
        }
        self._post(POLICIES, body)

    def block_old_clients(self, users: dict[str, Any], **said: Any) -> None:  # noqa: ANN401  (any condition)
        """Write a policy that blocks them, but for what is said here."""
        clients = ["exchangeActiveSync", "other"]
        self.add(users, **{"grant": BLOCK, "clientAppTypes": clients, **said})

    def guard_registration(self, users: dict[str, Any], **said: Any) -> None:  # noqa: ANN401  (any condition)
        """Write a policy that asks who registers for MFA, but for what is said here."""
        action = {"includeUserActions": ["urn:user:registersecurityinfo"]}
        self.add(users, **{"grant": MFA, "applications": action, **said})

    def add_one_factor(self) -> str:
        """A strength that the password reaches."""
        return self._post(
            STRENGTHS, {"displayName": "One factor", "allowedCombinations": ["password"]}
        )

    def add_location(self, *, trusted: bool) -> str:
        """A place with addresses of its own."""
        addresses = {"@odata.type": "#microsoft.graph.iPv4CidrRange", "cidrAddress": "192.0.2.0/24"}
        body = {
            "@odata.type": "#microsoft.graph.ipNamedLocation",
            "displayName": "A place",
            "isTrusted": trusted,
            "ipRanges": [addresses],
        }
        return self._post(LOCATIONS, body)

    def switch_defaults(self, *, on: bool) -> None:
        """Security defaults, on or off."""
        self._http.patch(DEFAULTS, json={"isEnabled": on}).raise_for_status()

    def undo(self) -> None:
        """Remove all that administrators wrote."""
        for row in self._rows(POLICIES):
            self._delete(POLICIES, row)
        for row in self._rows(STRENGTHS):
            if row["policyType"] == "custom":
                self._delete(STRENGTHS, row)
        for row in self._rows(LOCATIONS):
            # A trusted one can't be removed.
            kind = {"@odata.type": row["@odata.type"], "isTrusted": False}
            self._http.patch(f"{LOCATIONS}/{row['id']}", json=kind).raise_for_status()
            self._delete(LOCATIONS, row)
        self.switch_defaults(on=False)

    def _post(self, path: str, body: object) -> str:
        answer = self._http.post(path, json=body)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def _rows(self, path: str) -> Iterable[dict[str, Any]]:
        rows: list[dict[str, Any]] = self._http.get(path).json()["value"]
        return rows

    def _delete(self, path: str, row: dict[str, Any]) -> None:
        self._http.delete(f"{path}/{row['id']}").raise_for_status()


@contextmanager
def administrating(stand: GraphStand, tenant: GraphControl) -> Iterator[Administrator]:
    """Somebody who writes policies; they end with the test."""
    headers = {"Authorization": f"Bearer {tenant.token()}"}
    with httpx.Client(base_url=stand.base_url, headers=headers, trust_env=False) as http:
        made = Administrator(http)
        yield made
        made.undo()


class Proofs:
    """What is read of one person.

    Args:
        client: talks to Graph.
        roles: which our token holds.
        privileges: who is privileged; in memory, where nothing else is given.

    Attributes:
        seconds: the time.
        clock: the pauses that were made.
        meanwhile: what happens once a person was read.
    """

    def __init__(
        self,
        client: GraphClient,
        roles: frozenset[str] = RESET,
        privileges: Privileges | None = None,
    ) -> None:
        self.seconds = 0.0
        self.privileges = FakePrivileges()
        self.clock = Pauses()
        self.meanwhile: Callable[[], None] = _nothing
        policies = GraphPolicies(client, self.clock, lambda: self.seconds)

        async def held_roles() -> frozenset[str] | Unknown:
            return roles

        person = one_person_promptly(client, self.clock, held_roles)
        belongings = _InTime(self, person, privileges or self.privileges)
        coverage = GraphCoverage(policies, belongings)
        self.legacy = GraphLegacyClients(client, policies, coverage)
        self.guards = GraphRegistrationGuards(coverage)


class _InTime(GraphBelongings):
    """What people are to policies, and what happens in the time that the reading takes."""

    def __init__(self, proofs: Proofs, person: OnePerson, privileges: Privileges) -> None:
        super().__init__(person, privileges)
        self._proofs = proofs

    async def of(self, user: UserId, policies: Sequence[Policy]) -> Belonging:
        """What a person is to these policies."""
        found = await super().of(user, policies)
        meanwhile, self._proofs.meanwhile = self._proofs.meanwhile, _nothing
        meanwhile()
        return found


def _nothing() -> None:
    pass
