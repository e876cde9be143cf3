"""What takes access away: the fake and the Graph adapter promise the same.

The adapter has a token with exactly the roles of the app that does it.
"""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.adapters.graph.directory import GraphDirectory
from shared.domain.accounts import NoAccount
from shared.domain.authentication import ALTERNATE_MOBILE, MOBILE, MethodType
from shared.domain.control import Capability
from shared.domain.effects import Request
from shared.domain.effects.methods import RemoveMethod
from shared.domain.effects.sessions import RevokeSessions
from shared.domain.errors.directory import AccountNotVisible, MethodNotRemovable, MethodStillNeeded
from shared.domain.ids import UserId
from shared.names import App
from shared.rights import GRAPH_ROLES
from tests.contract.graph_client import GivenTokens, graph_client, graph_writes
from tests.contract.leases import A_SPENDER, PlainLease
from tests.contract.test_directory import FakeWorld, GraphWorld, new_name
from tests.stands.graph import GraphControl, GraphStand

NOT_REGISTERED_BY_PEOPLE = {
    MethodType.PASSWORD,
    MethodType.TEMPORARY_ACCESS_PASS,
    MethodType.UNRECOGNISED,
}
REGISTRABLE = sorted(set(MethodType) - NOT_REGISTERED_BY_PEOPLE)


@pytest.fixture(params=["fake", "graph"])
async def world(request: pytest.FixtureRequest) -> AsyncIterator[FakeWorld | GraphWorld]:
    """The fake, then the real adapter."""
    if request.param == "fake":
        yield FakeWorld()
        return
    stand: GraphStand = request.getfixturevalue("graph_stand")
    tenant: GraphControl = request.getfixturevalue("tenant")
    token = tenant.token(sorted(GRAPH_ROLES[App.RESET]))
    async with graph_client(stand.base_url, GivenTokens([token])) as client:
        yield GraphWorld(tenant, GraphDirectory(client), graph_writes(client))


async def write(world: FakeWorld | GraphWorld, user: UserId, effect: Request) -> None:
    """Ask for an effect on behalf of a leaver's case."""
    lease = PlainLease(user)
    await world.states.write(
        user, effect, capability=Capability.LEAVER, lease=lease, spender=A_SPENDER
    )


async def types(world: FakeWorld | GraphWorld, user: UserId) -> list[MethodType]:
    """The kinds of the person's methods."""
    return [method.method_type for method in await world.directory.methods(user)]


async def removal(
    world: FakeWorld | GraphWorld, user: UserId, method_type: MethodType
) -> RemoveMethod:
    """What removes the person's method of a kind."""
    methods = await world.directory.methods(user)
    (method_id,) = {one.method_id for one in methods if one.method_type is method_type}
    return RemoveMethod(method_type, method_id)


async def test_sessions_are_valid_from_the_moment_they_were_revoked(
    world: FakeWorld | GraphWorld,
) -> None:
    """What is read afterwards is not earlier than the moment before, in whole seconds."""
    user = world.add(new_name())
    before = datetime.now(UTC).replace(microsecond=0)
    await write(world, user, RevokeSessions(before))
    valid_from = await world.directory.sessions_valid_from(user)
    assert isinstance(valid_from, datetime)
    assert valid_from.utcoffset() == timedelta(0)
    assert valid_from >= before


@pytest.mark.parametrize("method_type", REGISTRABLE)
async def test_a_method_of_every_type_can_be_removed(
    world: FakeWorld | GraphWorld, method_type: MethodType
) -> None:
    """It is not listed afterwards, the password is; removing it again is success."""
    user = world.add(new_name())
    world.register(user, method_type)
    effect = await removal(world, user, method_type)
    for _ in range(2):
        await write(world, user, effect)
        assert await types(world, user) == [MethodType.PASSWORD]


async def test_the_default_goes_after_the_others(world: FakeWorld | GraphWorld) -> None:
    """The refusal is told apart from others; when the rest is gone it is removed."""
    user = world.add(new_name())
    for method_type in (MethodType.SOFTWARE_OATH, MethodType.PHONE):
        world.register(user, method_type)
    default = await removal(world, user, MethodType.SOFTWARE_OATH)
    with pytest.raises(MethodStillNeeded):
        await write(world, user, default)
    await write(world, user, await removal(world, user, MethodType.PHONE))
    await write(world, user, default)
    assert await types(world, user) == [MethodType.PASSWORD]


@pytest.mark.parametrize("method_type", [MethodType.PASSWORD, MethodType.UNRECOGNISED])
async def test_what_has_no_call_is_not_called_removed(
    world: FakeWorld | GraphWorld, method_type: MethodType
) -> None:
    """A password and a type that nobody knows: "could not remove"."""
    user = world.add(new_name())
    with pytest.raises(MethodNotRemovable):
        await write(world, user, RemoveMethod(method_type, "m-1"))


async def test_who_manages_somebody_has_reports(world: FakeWorld | GraphWorld) -> None:
    """One report is enough; nobody's manager has none."""
    manager, report = world.add(new_name()), new_name()
    assert not await world.directory.has_reports(manager)
    world.add(report, manager=manager)
    assert await world.directory.has_reports(manager)


async def test_whom_somebody_reports_to_is_the_directorys_word(
    world: FakeWorld | GraphWorld,
) -> None:
    """One person, or nobody; somebody who is not there reports to nobody."""
    manager = world.add(new_name())
    report = world.add(new_name(), manager=manager)
    assert await world.managers.manager(report) == manager
    assert await world.managers.manager(manager) == NoAccount()
    assert await world.managers.manager(UserId(str(uuid4()))) == NoAccount()


async def test_unknown_id_has_neither_sessions_nor_reports(world: FakeWorld | GraphWorld) -> None:
    """Nothing is read about somebody who is not there, and nothing revoked."""
    nobody = UserId(str(uuid4()))
    with pytest.raises(AccountNotVisible):
        await world.directory.sessions_valid_from(nobody)
    with pytest.raises(AccountNotVisible):
        await world.directory.has_reports(nobody)
    with pytest.raises(AccountNotVisible):
        await write(world, nobody, RevokeSessions(datetime.now(UTC)))


async def test_the_mobile_number_goes_after_the_alternate_one(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """Graph's second order, which it tells in words only as well."""
    token = tenant.token(sorted(GRAPH_ROLES[App.RESET]))
    async with graph_client(graph_stand.base_url, GivenTokens([token])) as client:
        world = GraphWorld(tenant, GraphDirectory(client), graph_writes(client))
        user = world.add(new_name())
        # The first one is the default, so that the order of the phones alone decides.
        for kind in ("microsoftAuthenticator", "mobile", "alternateMobile"):
            tenant.register(user, kind)
        mobile, alternate = (
            RemoveMethod(MethodType.PHONE, method_id) for method_id in (MOBILE, ALTERNATE_MOBILE)
        )
        with pytest.raises(MethodStillNeeded):
            await write(world, user, mobile)
        await write(world, user, alternate)
        await write(world, user, mobile)
        kinds = set(await types(world, user))
        assert kinds == {MethodType.PASSWORD, MethodType.MICROSOFT_AUTHENTICATOR}
