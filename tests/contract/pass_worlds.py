"""A tenant whose people are given passes: in memory, and as Graph shows it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Protocol
from uuid import uuid4

import httpx

from shared.adapters.graph.directory import GraphDirectory
from shared.adapters.graph.pass_checks import GraphPassChecks
from shared.adapters.graph.passes import GraphPasses
from shared.application.ports.directory import Directory
from shared.application.ports.passes import PassChecks, Passes
from shared.domain.authentication import MethodType
from shared.domain.control import Capability
from shared.domain.ids import UserId
from shared.domain.passes.given import GivenPass
from shared.domain.passes.methods_policy import EVERYBODY, PASSES, MethodRule, PassTerms
from shared.domain.people.rulings import Impact
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.graph_client import GivenTokens, Pauses, graph_client
from tests.contract.leases import A_SPENDER, PlainLease
from tests.fakes.directory import FakeDirectory
from tests.fakes.passes import FakePassChecks, FakePasses
from tests.stands.graph import GraphControl, GraphStand

AN_HOUR: Final = PassTerms(lifetime=timedelta(hours=1), usable_once=True)
CONFIGURATION = "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations"


class PassWorld(Protocol):
    """A tenant as the ports show it, and the means to let things happen in it."""

    passes: Passes
    checks: PassChecks
    directory: Directory

    def now(self) -> datetime:
        """The tenant's time; other tests may have moved it on."""
        ...

    def add(self, *, enabled: bool = True, guest: bool = False) -> UserId:
        """Let a person appear."""
        ...

    def federate(self, user: UserId) -> None:
        """Let another identity provider sign a person in."""
        ...

    def target(self, *, include: set[UserId] | None = None, exclude: set[UserId]) -> None:
        """Allow passes to these people (everybody by default), except those."""
        ...


class FakePassWorld:
    """The fakes."""

    def __init__(self) -> None:
        self._directory = FakeDirectory()
        self._checks = FakePassChecks(self._directory)
        self.directory: Directory = self._directory
        self.passes: Passes = FakePasses(self._directory, Pauses())
        self.checks: PassChecks = self._checks

    def now(self) -> datetime:
        """The time of the fakes, which is the real one."""
        return datetime.now(UTC)

    def add(self, *, enabled: bool = True, guest: bool = False) -> UserId:
        """Let a person appear."""
        name = f"{uuid4().hex}@contoso.example"
        return self._directory.add(name, enabled=enabled, guest=guest)

    def federate(self, user: UserId) -> None:
        """Let another identity provider sign a person in."""
        self._checks.elsewhere[user] = True

    def target(self, *, include: set[UserId] | None = None, exclude: set[UserId]) -> None:
        """Allow passes to these people, except those."""
        included = EVERYBODY if include is None else str(uuid4())
        excluded = str(uuid4())
        self._checks.members |= {included: include or set(), excluded: exclude}
        self._checks.rules[PASSES] = MethodRule(
            enabled=True, included=frozenset({included}), excluded=frozenset({excluded})
        )


class GraphPassWorld:
    """The adapters on the simulated tenant."""

    def __init__(
        self,
        tenant: GraphControl,
        base_url: str,
        passes: GraphPasses,
        checks: GraphPassChecks,
        directory: GraphDirectory,
    ) -> None:
        self._tenant = tenant
        self._base_url = base_url
        self.passes: Passes = passes
        self.checks: PassChecks = checks
        self.directory: Directory = directory
        self._names: dict[UserId, str] = {}

    def now(self) -> datetime:
        """The stack's time."""
        return datetime.fromisoformat(self._tenant.do("GET", "clock")["now"])

    def add(self, *, enabled: bool = True, guest: bool = False) -> UserId:
        """Let a person appear."""
        made = self._tenant.create_user(
            userPrincipalName=f"{uuid4().hex}@contoso.example",
            displayName="A. Person",
            accountEnabled=enabled,
            userType="Guest" if guest else "Member",
        )
        return UserId(made["id"])

    def federate(self, user: UserId) -> None:
        """Let another identity provider sign a person in."""
        domain = f"{uuid4().hex[:8]}.example"
        self._tenant.do("POST", "domains", {"id": domain, "authenticationType": "Federated"})
        self._patch(f"/v1.0/users/{user}", {"userPrincipalName": f"{user}@{domain}"})

    def target(self, *, include: set[UserId] | None = None, exclude: set[UserId]) -> None:
        """Allow passes to these people, except those."""
        included = "all_users" if include is None else self._group(include)
        self.configure(
            includeTargets=[{"targetType": "group", "id": included}],
            excludeTargets=[{"targetType": "group", "id": self._group(exclude)}],
        )

    def configure(self, **fields: object) -> None:
        """Change the policy about passes."""
        kind = "#microsoft.graph.temporaryAccessPassAuthenticationMethodConfiguration"
        self._patch(f"{CONFIGURATION}/temporaryAccessPass", {"@odata.type": kind, **fields})

    def _group(self, members: set[UserId]) -> str:
        group = {"displayName": uuid4().hex, "members": sorted(members)}
        made: str = self._tenant.do("POST", "groups", group)["id"]
        return made

    def _patch(self, path: str, body: dict[str, Any]) -> None:
        headers = {"Authorization": f"Bearer {self._tenant.token()}"}
        answer = httpx.patch(
            f"{self._base_url}{path}", json=body, headers=headers, trust_env=False, timeout=30
        )
        assert answer.is_success, answer.text


@asynccontextmanager
async def passes_on_graph(tenant: GraphControl, stand: GraphStand) -> AsyncIterator[GraphPassWorld]:
    """The adapters, with the powers of the app that hands passes out and no others."""
    token = tenant.token(sorted(GRAPH_ROLES[App.OPERATORS]))
    async with graph_client(stand.base_url, GivenTokens([token])) as client:
        world = GraphPassWorld(
            tenant,
            stand.base_url,
            GraphPasses(client),
            GraphPassChecks(client),
            GraphDirectory(client),
        )
        yield world
        world.configure(
            state="enabled",
            isUsableOnce=False,
            includeTargets=[{"targetType": "group", "id": "all_users"}],
            excludeTargets=[],
        )


async def create(world: PassWorld, user: UserId, terms: PassTerms = AN_HOUR) -> GivenPass:
    """Have a pass made on behalf of onboarding."""
    return await world.passes.create(
        user,
        terms,
        impact=Impact.GIVE_PASS,
        approved=False,
        capability=Capability.ONBOARDING,
        lease=PlainLease(user),
        spender=A_SPENDER,
    )


async def passes_of(world: PassWorld, user: UserId) -> list[str]:
    """The ids of a person's passes."""
    return [
        method.method_id
        for method in await world.directory.methods(user)
        if method.method_type is MethodType.TEMPORARY_ACCESS_PASS
    ]
