"""A loss is told once it is known, however many nights lie between: by the events of the runs."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from enum import Enum
from random import Random
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.sweep_events import POSTURE_LOST
from shared.domain.authentication import PerUserMfaState
from shared.domain.errors.directory import PermissionMissing, Throttled
from shared.domain.errors.storage import UnreadableRow
from shared.domain.ids import UserId
from shared.domain.posture.means import Means
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.rows import PersonRow, RegistrationRow
from shared.domain.sweep.runs import RunId, RunState
from shared.domain.sweep.tenant import OwnRecords
from tests.properties.sweep_world import SweepWorld
from tests.properties.swept_tenant import LEFT_OUT, LONG_AGO, STAFF, SweptTenant, a_policy

KIM: Final = UserId("4b1d0000-0000-4000-8000-000000000001")
A_DAY: Final = timedelta(days=1)


class Night(Enum):
    """How it stands with somebody in a night."""

    PROTECTED = "a policy asks them for MFA, and they have what it takes"
    WEAK = "they have SMS only"
    UNPROTECTED = "no policy asks them"
    EXEMPT = "they are exempt"
    GRACE = "they have time to register"
    UNKNOWN = "nobody can tell who is in the group that the policy names"
    UNSEEN = "the list of people breaks off before them"
    GONE = "their account is blocked"


P, W, U, E, G = Night.PROTECTED, Night.WEAK, Night.UNPROTECTED, Night.EXEMPT, Night.GRACE
DIM, UNSEEN, GONE = Night.UNKNOWN, Night.UNSEEN, Night.GONE
FINE: Final = frozenset({P, E})
AMISS: Final = frozenset({W, U})
SILENT: Final = frozenset({G, DIM, UNSEEN})
"""Nights that say nothing."""


def night_falls(world: SweepWorld, night: Night) -> None:
    """Make it so with them; whatever was before."""
    tenant = world.tenant
    world.clock.advance(A_DAY)
    tenant.policies = [a_policy()]
    tenant.members = {STAFF: set() if night is U else {KIM}, LEFT_OUT: set()}
    tenant.everybody = {
        KIM: PersonRow(
            user_id=KIM,
            sign_in_name="kim@contoso.example",
            enabled=night is not GONE,
            since=LONG_AGO,
            state=PerUserMfaState.DISABLED,
        )
    }
    means = Means.MOBILE_PHONE if night in {W, G} else Means.AUTHENTICATOR_PUSH
    row = RegistrationRow(user_id=KIM, means=frozenset({means}), capable=True)
    tenant.registered = {KIM: row}
    soon = world.clock.now() + A_DAY / 2
    tenant.own = OwnRecords(
        exempt=frozenset({KIM} if night is E else ()),
        deadlines={KIM: soon} if night is G else {},
    )
    tenant.refused = {}
    if night is DIM:
        tenant.refused = {f"member {STAFF}": PermissionMissing("no role")}
    if night is UNSEEN:
        tenant.refused = {"people ": Throttled("429")}


async def told_in(nights: Sequence[Night]) -> list[dict[str, Any] | None]:
    """What each night told of a loss, if anything."""
    world = SweepWorld(SweptTenant(), Random(0))  # noqa: S311  (the order of one message)
    told: list[dict[str, Any] | None] = []
    for night in nights:
        night_falls(world, night)
        run = await world.sweep()
        events = [json.loads(one.body) for one in world.subscribers.told.values()]
        lost = [
            event["data"]
            for event in events
            if event["type"] == POSTURE_LOST and event["data"]["runId"] == run.run_id
        ]
        assert len(lost) <= 1
        told.append(lost[0] if lost else None)
    return told


@pytest.mark.parametrize(
    ("nights", "losses"),
    [
        # From one night to the next.
        ([P, U], [1]),
        ([P, W], [1]),
        ([E, U], [1]),
        # By way of nights of which nobody can tell.
        ([P, DIM, U], [2]),
        ([P, UNSEEN, DIM, UNSEEN, W], [4]),
        ([E, DIM, U], [2]),
        # The time to register is no loss yet; that it is up is one, also where the verdict stays.
        ([P, G, U], [2]),
        ([P, G, W], [2]),
        ([P, G, G, W, W], [3]),
        ([P, DIM, G, DIM, W], [4]),
        # What was never known to be fine is not lost.
        ([DIM, U], []),
        ([UNSEEN, W], []),
        ([G, W], []),
        ([DIM, G, DIM, U], []),
        # What was lost already is lost once.
        ([P, U, DIM, U, DIM, W], [1]),
        ([P, U, P, DIM, U], [1, 4]),
        ([W, DIM, U], []),
        # What comes back as it was is no loss, and nothing is lost to what nobody can tell.
        ([P, DIM, P, G, P, UNSEEN, P], []),
        ([P, DIM, G, UNSEEN, DIM], []),
        # Who was gone comes as somebody new.
        ([P, GONE, U], []),
    ],
)
async def test_when_a_loss_is_told(nights: list[Night], losses: list[int]) -> None:
    """In the night in which it is known that what was fine is so no more, and in no other."""
    told = await told_in(nights)
    assert [number for number, one in enumerate(told) if one is not None] == losses


@given(nights=st.lists(st.sampled_from(Night), min_size=1, max_size=8))
def test_a_loss_is_told_by_the_last_night_that_said_something(nights: list[Night]) -> None:
    """It names that verdict, not what nobody could tell in between."""
    told = asyncio.run(told_in(nights))
    known: Night | None = None
    for number, night in enumerate(nights):
        is_loss = number > 0 and known in FINE and night in AMISS
        one = told[number]
        assert (one is not None) is is_loss, number
        if one is not None and known is not None:
            assert (one["before"], one["after"]) == (
                Verdict[known.name].value,
                Verdict[night.name].value,
            )
        if night not in SILENT:
            known = None if night is GONE else night


@pytest.mark.parametrize("torn", ["tenant", "lines"])
async def test_a_run_before_that_cannot_be_read_is_said_or_not_missed(torn: str) -> None:
    """Without what the tenant required a loss is told; without the verdicts the run says so."""
    world = SweepWorld(SweptTenant(), Random(0))  # noqa: S311
    night_falls(world, P)
    before = await world.sweep()
    port = world.runs if torn == "tenant" else world.snapshots
    read = getattr(port, torn)

    async def reading(run_id: RunId, name: Any) -> Any:  # noqa: ANN401  (of either port)
        if run_id == before.run_id:
            raise UnreadableRow("torn")
        return await read(run_id, name)

    setattr(port, torn, reading)
    night_falls(world, U)
    run = await world.sweep()
    assert run.totals is not None
    if torn == "tenant":
        (change,) = await world.history.of(KIM, 5)
        assert (change.before, change.after, change.cause) == (
            "protected",
            "unprotected",
            "groups-changed",
        )
        assert (run.state, run.totals.lost) == (RunState.COMPLETED, 1)
        assert POSTURE_LOST in world.subscribers.types
        return
    assert (run.state, run.totals.lost) == (RunState.PARTIAL, 0)
    (problem,) = run.problems
    assert problem.what == f"run {before.run_id}"
    assert "1 of 1 parts can't be read" in problem.reason


async def test_an_account_for_emergencies_is_told_of_as_one() -> None:
    """By what is true of it in the night of the loss."""
    world = SweepWorld(SweptTenant(), Random(0))  # noqa: S311
    for night in (P, U):
        night_falls(world, night)
        world.tenant.own = replace(world.tenant.own, break_glass=frozenset({KIM}))
        await world.sweep()
    (change,) = await world.history.of(KIM, 5)
    assert (change.after, change.privileged) == ("unprotected", True)


async def test_when_the_time_to_register_is_up_the_history_says_so() -> None:
    """Though the verdict is the same: from then on it counts."""
    world = SweepWorld(SweptTenant(), Random(0))  # noqa: S311
    for night in (P, G, W):
        night_falls(world, night)
        await world.sweep()
    latest, *_ = await world.history.of(KIM, 5)
    assert (latest.before, latest.after, latest.cause) == ("weak", "weak", "grace-ended")
    night_falls(world, W)
    run = await world.sweep()
    assert run.totals is not None
    assert not run.totals.moves
    (line,) = (await world.lines(run)).values()
    assert replace(line, earlier=None) == line
