"""The port `Passes`: the fake and the adapter promise the same of making and removing passes."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

from shared.domain.accounts import NoAccount
from shared.domain.control import Capability
from shared.domain.errors.directory import (
    AccountNotVisible,
    DirectoryUnavailable,
    MalformedAnswer,
    RequestRejected,
)
from shared.domain.ids import UserId
from shared.domain.passes.methods_policy import PassTerms
from tests.contract.leases import PlainLease
from tests.contract.pass_worlds import AN_HOUR, GraphPassWorld, PassWorld, create, passes_of
from tests.stands.graph import GraphControl

CREATE = "POST /v1.0/users/[^/]+/authentication/temporaryAccessPassMethods"
TERMS = '"lifetimeInMinutes":60,"isUsableOnce":true,"isUsable":true'


async def test_a_pass_is_made_as_it_was_asked_for(pass_world: PassWorld) -> None:
    """A new pass counts from now on, for as long and as often as it was asked for."""
    user = pass_world.add()
    terms = PassTerms(lifetime=timedelta(hours=2), usable_once=True)
    before = pass_world.now()
    given = await create(pass_world, user, terms)
    assert len(given.value.reveal()) >= 8
    assert abs(given.starts_at - before) < timedelta(minutes=5)
    assert given.expires_at - given.starts_at == terms.lifetime
    assert given.usable_once
    assert given.unusable is None
    assert len(await passes_of(pass_world, user)) == 1


async def test_a_new_pass_takes_the_place_of_the_old_one(pass_world: PassWorld) -> None:
    """A person has one pass at a time."""
    user = pass_world.add()
    first = await create(pass_world, user)
    (old,) = await passes_of(pass_world, user)
    second = await create(pass_world, user, replace(AN_HOUR, usable_once=False))
    (new,) = await passes_of(pass_world, user)
    assert new != old
    assert second.value.reveal() != first.value.reveal()
    assert not second.usable_once


async def test_a_pass_is_removed_once_and_again(pass_world: PassWorld) -> None:
    """What was removed is gone, and to remove it again is no error."""
    user = pass_world.add()
    await create(pass_world, user)
    (method,) = await passes_of(pass_world, user)
    for _ in range(2):
        await pass_world.passes.delete(
            user, method, capability=Capability.ONBOARDING, lease=PlainLease(user)
        )
        assert await passes_of(pass_world, user) == []


async def test_a_lifetime_outside_the_policy_is_rejected(pass_world: PassWorld) -> None:
    """A pass that the policy does not allow is not made."""
    user = pass_world.add()
    with pytest.raises(RequestRejected):
        await create(pass_world, user, replace(AN_HOUR, lifetime=timedelta(minutes=30)))
    assert await passes_of(pass_world, user) == []


async def test_nobody_gets_no_pass(pass_world: PassWorld) -> None:
    """An object id that the directory does not know is not visible, and signs in nowhere."""
    nobody = UserId(str(uuid4()))
    with pytest.raises(AccountNotVisible):
        await create(pass_world, nobody)
    with pytest.raises(AccountNotVisible):
        await pass_world.checks.groups_of(nobody, frozenset({str(uuid4())}))
    assert await pass_world.checks.sign_in(nobody) == NoAccount()


async def test_an_unanswered_creation_is_not_repeated(
    graph_passes: GraphPassWorld, tenant: GraphControl
) -> None:
    """A creation whose answer was lost is one request, and says that nobody knows."""
    user = graph_passes.add()
    tenant.fault(CREATE, drop=True, applied=True)
    with pytest.raises(DirectoryUnavailable):
        await create(graph_passes, user)
    assert len([one for one in tenant.requests() if one["method"] == "POST"]) == 1
    assert len(await passes_of(graph_passes, user)) == 1


@pytest.mark.parametrize("status", [500, 502, 503, 504])
async def test_a_server_error_leaves_it_open(
    graph_passes: GraphPassWorld, tenant: GraphControl, status: int
) -> None:
    """After a server error a pass may be there."""
    user = graph_passes.add()
    tenant.fault(CREATE, status=status, applied=True)
    with pytest.raises(DirectoryUnavailable):
        await create(graph_passes, user)


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
    graph_passes: GraphPassWorld, tenant: GraphControl, body: str
) -> None:
    """An answer without a readable pass leaves it open, and no part of it gets into the error."""
    tenant.fault(CREATE, status=201, body=body)
    with pytest.raises(MalformedAnswer) as caught:
        await create(graph_passes, graph_passes.add())
    assert "hush" not in f"{caught.value!r} {caught.value.__cause__!r}"


async def test_a_pass_that_can_t_be_used_says_why(graph_passes: GraphPassWorld) -> None:
    """Graph makes passes for people outside the policy, and says that they are of no use."""
    user = graph_passes.add()
    graph_passes.target(include=set(), exclude=set())
    assert (await create(graph_passes, user)).unusable == "DisabledByPolicy"
