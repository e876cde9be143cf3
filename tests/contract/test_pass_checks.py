"""The port `PassChecks`: the fake and the adapter tell the same of who may have a pass."""

from datetime import timedelta
from uuid import uuid4

import pytest

from shared.adapters.graph.directory import GraphDirectory
from shared.adapters.graph.pass_checks import GraphPassChecks
from shared.adapters.graph.passes import GraphPasses
from shared.domain.authentication import Unknown
from shared.domain.control import Capability
from shared.domain.errors.directory import PermissionMissing, RequestRejected
from shared.domain.passes.collecting import SignIn
from shared.domain.passes.methods_policy import PASSES
from shared.domain.people.rulings import Impact
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.graph_client import GivenTokens, graph_client
from tests.contract.leases import A_SPENDER, PlainLease
from tests.contract.pass_worlds import AN_HOUR, GraphPassWorld, PassWorld, create
from tests.stands.graph import GraphControl, GraphStand


async def test_how_people_sign_in_is_told(pass_world: PassWorld) -> None:
    """Members, guests, blocked accounts and those of a federated domain are told apart."""
    people = [
        pass_world.add(),
        pass_world.add(guest=True),
        pass_world.add(enabled=False),
        pass_world.add(),
    ]
    pass_world.federate(people[3])
    assert [await pass_world.checks.sign_in(user) for user in people] == [
        SignIn(enabled=True, guest=False, federated=False),
        SignIn(enabled=True, guest=True, federated=False),
        SignIn(enabled=False, guest=False, federated=False),
        SignIn(enabled=True, guest=False, federated=True),
    ]


async def test_a_domain_that_nobody_knows_is_unknown(
    graph_passes: GraphPassWorld, tenant: GraphControl
) -> None:
    """Whoever can't be told to be managed is neither managed nor federated."""
    user = graph_passes.add()
    tenant.fault("GET /v1.0/domains/", status=200, body='{"authenticationType":"Astrology"}')
    found = await graph_passes.checks.sign_in(user)
    assert isinstance(found, SignIn)
    assert isinstance(found.federated, Unknown)


async def test_the_policy_tells_whom_it_lets_have_passes(pass_world: PassWorld) -> None:
    """Whom the policy includes and does not exclude is allowed, by the groups they are in."""
    inside, outside, excluded = pass_world.add(), pass_world.add(), pass_world.add()
    pass_world.target(include={inside, excluded}, exclude={excluded})
    policy = await pass_world.checks.policy()
    allowed = {
        user: policy.rules[PASSES].allows(await pass_world.checks.groups_of(user, policy.groups))
        for user in (inside, outside, excluded)
    }
    assert allowed == {inside: True, outside: False, excluded: False}
    assert (policy.limits.shortest, policy.limits.longest) == (
        timedelta(hours=1),
        timedelta(hours=8),
    )
    assert not policy.limits.once_only


async def test_more_groups_than_fit_into_one_question(graph_passes: GraphPassWorld) -> None:
    """Membership is asked for twenty groups at a time."""
    user = graph_passes.add()
    graph_passes.target(include={user}, exclude=set())
    ours = (await graph_passes.checks.policy()).groups
    others = frozenset(str(uuid4()) for _ in range(45))
    assert len(await graph_passes.checks.groups_of(user, ours | others)) == 1


async def test_the_policy_s_demands_are_read(graph_passes: GraphPassWorld) -> None:
    """A policy that is off, or demands passes for one use, says so."""
    graph_passes.configure(state="disabled", isUsableOnce=True)
    policy = await graph_passes.checks.policy()
    assert not policy.rules[PASSES].enabled
    assert policy.limits.once_only
    with pytest.raises(RequestRejected):
        await create(graph_passes, graph_passes.add())


@pytest.mark.parametrize(
    ("role", "named"),
    [
        ("Domain.Read.All", "Domain.Read.All"),
        # A lesser one would do for passes; the posture of a person takes this one.
        ("Policy.Read.All", "Policy.Read.AuthenticationMethod"),
        ("UserAuthMethod-TAP.ReadWrite.All", "UserAuthMethod-TAP.ReadWrite.All"),
        ("UserAuthenticationMethod.Read.All", "UserAuthenticationMethod.Read.All"),
    ],
)
async def test_each_role_is_needed(
    tenant: GraphControl,
    graph_stand: GraphStand,
    graph_passes: GraphPassWorld,
    role: str,
    named: str,
) -> None:
    """Without one of the roles that passes take one call is refused, and names what would do."""
    user = graph_passes.add()
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
        assert refused == {named}
