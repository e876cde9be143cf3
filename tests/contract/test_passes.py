"""The ports `Passes` and `PassChecks`: the fakes and the adapters promise the same."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import uuid4

import httpx
import pytest

from shared.adapters.graph.directory import GraphDirectory
from shared.adapters.graph.pass_checks import GraphPassChecks
from shared.adapters.graph.passes import GraphPasses
from shared.application.ports.directory import Directory
from shared.application.ports.passes import PassChecks, Passes
from shared.domain.accounts import NoAccount
from shared.domain.authentication import MethodType, Unknown
from shared.domain.control import Capability
from shared.domain.errors.directory import (
    AccountNotVisible,
    DirectoryUnavailable,
    MalformedAnswer,
    PermissionMissing,
    RequestRejected,
)
from shared.domain.ids import UserId
from shared.domain.passes.collecting import SignIn
from shared.domain.passes.given import GivenPass
from shared.domain.passes.methods_policy import EVERYBODY, PASSES, MethodRule, PassTerms
from shared.domain.people.rulings import Impact
from shared.names import GRAPH_ROLES, App
from tests.contract.graph_client import GivenTokens, Pauses, graph_client
from tests.contract.leases import A_SPENDER, PlainLease
from tests.fakes.directory import FakeDirectory
from tests.fakes.passes import FakePassChecks, FakePasses
from tests.stands.graph import GraphControl, GraphStand

AN_HOUR = PassTerms(lifetime=timedelta(hours=1), usable_once=True)
CONFIGURATION = "/v1.0/policies/authenticationMethodsPolicy/authenticationMethodConfigurations"
CREATE = "POST /v1.0/users/[^/]+/authentication/temporaryAccessPassMethods"


class World(Protocol):
    """A tenant as the ports show it, and the means to let things happen in it."""

    passes: Passes
    checks: PassChecks
    directory: Directory

    def add(self, *, enabled: bool = True, guest: bool = False) -> UserId:
        """Let a person appear."""
        ...

    def federate(self, user: UserId) -> None:
        """Let another identity provider sign a person in."""
        ...

    def target(self, *, include: set[UserId] | None = None, exclude: set[UserId]) -> None:
        """Allow passes to these people (everybody by default), except those."""
        ...


class FakeWorld:
    """The fakes."""

    def __init__(self) -> None:
        self._directory = FakeDirectory()
        self._checks = FakePassChecks(self._directory)
        self.directory: Directory = self._directory
        self.passes: Passes = FakePasses(self._directory, Pauses())
        self.checks: PassChecks = self._checks

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


class GraphWorld:
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


@pytest.fixture
async def graph(tenant: GraphControl, graph_stand: GraphStand) -> AsyncIterator[GraphWorld]:
    """The adapters, with the powers of the app that hands passes out and no others."""
    token = tenant.token(sorted(GRAPH_ROLES[App.OPERATORS]))
    async with graph_client(graph_stand.base_url, GivenTokens([token])) as client:
        world = GraphWorld(
            tenant,
            graph_stand.base_url,
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


@pytest.fixture(params=["fake", "graph"])
def world(request: pytest.FixtureRequest) -> World:
    """The fakes, then the real adapters."""
    if request.param == "fake":
        return FakeWorld()
    found: GraphWorld = request.getfixturevalue("graph")
    return found


async def create(world: World, user: UserId, terms: PassTerms = AN_HOUR) -> GivenPass:
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


async def passes_of(world: World, user: UserId) -> list[str]:
    """The ids of a person's passes."""
    return [
        method.method_id
        for method in await world.directory.methods(user)
        if method.method_type is MethodType.TEMPORARY_ACCESS_PASS
    ]


async def test_a_pass_is_made_as_it_was_asked_for(world: World) -> None:
    """A new pass counts from now on, for as long and as often as it was asked for."""
    user = world.add()
    terms = PassTerms(lifetime=timedelta(hours=2), usable_once=True)
    before = datetime.now(UTC)
    given = await create(world, user, terms)
    assert len(given.value.reveal()) >= 8
    assert abs(given.starts_at - before) < timedelta(minutes=5)
    assert given.expires_at - given.starts_at == terms.lifetime
    assert given.usable_once
    assert given.unusable is None
    assert len(await passes_of(world, user)) == 1


async def test_a_new_pass_takes_the_place_of_the_old_one(world: World) -> None:
    """A person has one pass at a time."""
    user = world.add()
    first = await create(world, user)
    (old,) = await passes_of(world, user)
    second = await create(world, user, replace(AN_HOUR, usable_once=False))
    (new,) = await passes_of(world, user)
    assert new != old
    assert second.value.reveal() != first.value.reveal()
    assert not second.usable_once


async def test_a_pass_is_removed_once_and_again(world: World) -> None:
    """What was removed is gone, and to remove it again is no error."""
    user = world.add()
    await create(world, user)
    (method,) = await passes_of(world, user)
    for _ in range(2):
        await world.passes.delete(
            user, method, capability=Capability.ONBOARDING, lease=PlainLease(user)
        )
        assert await passes_of(world, user) == []


async def test_a_lifetime_outside_the_policy_is_rejected(world: World) -> None:
    """A pass that the policy does not allow is not made."""
    user = world.add()
    with pytest.raises(RequestRejected):
        await create(world, user, replace(AN_HOUR, lifetime=timedelta(minutes=30)))
    assert await passes_of(world, user) == []


async def test_nobody_gets_no_pass(world: World) -> None:
    """An object id that the directory does not know is not visible, and signs in nowhere."""
    nobody = UserId(str(uuid4()))
    with pytest.raises(AccountNotVisible):
        await create(world, nobody)
    with pytest.raises(AccountNotVisible):
        await world.checks.groups_of(nobody, frozenset({str(uuid4())}))
    assert await world.checks.sign_in(nobody) == NoAccount()


async def test_how_people_sign_in_is_told(world: World) -> None:
    """Members, guests, blocked accounts and those of a federated domain are told apart."""
    people = [world.add(), world.add(guest=True), world.add(enabled=False), world.add()]
    world.federate(people[3])
    assert [await world.checks.sign_in(user) for user in people] == [
        SignIn(enabled=True, guest=False, federated=False),
        SignIn(enabled=True, guest=True, federated=False),
        SignIn(enabled=False, guest=False, federated=False),
        SignIn(enabled=True, guest=False, federated=True),
    ]


async def test_the_policy_tells_whom_it_lets_have_passes(world: World) -> None:
    """Whom the policy includes and does not exclude is allowed, by the groups they are in."""
    inside, outside, excluded = world.add(), world.add(), world.add()
    world.target(include={inside, excluded}, exclude={excluded})
    policy = await world.checks.policy()
    allowed = {
        user: policy.rules[PASSES].allows(await world.checks.groups_of(user, policy.groups))
        for user in (inside, outside, excluded)
    }
    assert allowed == {inside: True, outside: False, excluded: False}
    assert (policy.limits.shortest, policy.limits.longest) == (
        timedelta(hours=1),
        timedelta(hours=8),
    )
    assert not policy.limits.once_only


async def test_more_groups_than_fit_into_one_question(graph: GraphWorld) -> None:
    """Membership is asked for twenty groups at a time."""
    user = graph.add()
    graph.target(include={user}, exclude=set())
    ours = (await graph.checks.policy()).groups
    others = frozenset(str(uuid4()) for _ in range(45))
    assert len(await graph.checks.groups_of(user, ours | others)) == 1


async def test_an_unanswered_creation_is_not_repeated(
    graph: GraphWorld, tenant: GraphControl
) -> None:
    """A creation whose answer was lost is one request, and says that nobody knows."""
    user = graph.add()
    tenant.fault(CREATE, drop=True, applied=True)
    with pytest.raises(DirectoryUnavailable):
        await create(graph, user)
    assert len([one for one in tenant.requests() if one["method"] == "POST"]) == 1
    assert len(await passes_of(graph, user)) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_error_leaves_it_open(
    graph: GraphWorld, tenant: GraphControl, status: int
) -> None:
    """After a server error a pass may be there."""
    user = graph.add()
    tenant.fault(CREATE, status=status, applied=True)
    with pytest.raises(DirectoryUnavailable):
        await create(graph, user)


TERMS = '"lifetimeInMinutes":60,"isUsableOnce":true,"isUsable":true'


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "{}",
        f'{{"temporaryAccessPass":null,"startDateTime":"2026-01-01T00:00:00Z",{TERMS}}}',
        f'{{"temporaryAccessPass":"hush-hush","startDateTime":"2026-01-01T00:00:00",{TERMS}}}',
        '{"temporaryAccessPass":"hush-hush","lifetimeInMinutes":"hush-hush"}',
    ],
)
async def test_an_answer_that_can_t_be_read_repeats_nothing(
    graph: GraphWorld, tenant: GraphControl, body: str
) -> None:
    """An answer without a readable pass leaves it open, and no part of it gets into the error."""
    tenant.fault(CREATE, status=201, body=body)
    with pytest.raises(MalformedAnswer) as caught:
        await create(graph, graph.add())
    assert "hush" not in f"{caught.value!r} {caught.value.__cause__!r}"


async def test_a_pass_that_can_t_be_used_says_why(graph: GraphWorld) -> None:
    """Graph makes passes for people outside the policy, and says that they are of no use."""
    user = graph.add()
    graph.target(include=set(), exclude=set())
    assert (await create(graph, user)).unusable == "DisabledByPolicy"


async def test_the_policy_s_demands_are_read(graph: GraphWorld) -> None:
    """A policy that is off, or demands passes for one use, says so."""
    graph.configure(state="disabled", isUsableOnce=True)
    policy = await graph.checks.policy()
    assert not policy.rules[PASSES].enabled
    assert policy.limits.once_only
    with pytest.raises(RequestRejected):
        await create(graph, graph.add())


async def test_a_domain_that_nobody_knows_is_unknown(
    graph: GraphWorld, tenant: GraphControl
) -> None:
    """Whoever can't be told to be managed is neither managed nor federated."""
    user = graph.add()
    tenant.fault("GET /v1.0/domains/", status=200, body='{"authenticationType":"Astrology"}')
    found = await graph.checks.sign_in(user)
    assert isinstance(found, SignIn)
    assert isinstance(found.federated, Unknown)


@pytest.mark.parametrize(
    "role",
    [
        "Domain.Read.All",
        "Policy.Read.AuthenticationMethod",
        "UserAuthMethod-TAP.ReadWrite.All",
        "UserAuthenticationMethod.Read.All",
    ],
)
async def test_each_role_is_needed(
    tenant: GraphControl, graph_stand: GraphStand, graph: GraphWorld, role: str
) -> None:
    """Without one of the roles that are there for passes one call is refused, and names it."""
    user = graph.add()
    token = tenant.token(sorted(GRAPH_ROLES[App.OPERATORS] - {role}))
    async with graph_client(graph_stand.base_url, GivenTokens([token])) as client:
        checks, passes = GraphPassChecks(client), GraphPasses(client)
        lease, capability = PlainLease(user), Capability.ONBOARDING
        refused = set()
        for call in (
            checks.sign_in(user),
            checks.policy(),
            GraphDirectory(client).methods(user),
            passes.create(
                user,
                AN_HOUR,
                impact=Impact.GIVE_PASS,
                approved=False,
                capability=capability,
                lease=lease,
                spender=A_SPENDER,
            ),
        ):
            try:
                await call
            except PermissionMissing as error:
                refused.add(error.detail.rpartition(" ")[2].rstrip("."))
        assert refused == {role}
