"""Of more losses than are told one by one, the gravest are, and the number of all of them is."""

import json
from typing import Final

import pytest

from shared.application.sweep.announcing import Announce
from shared.application.sweep.telling import MOST_LOST, Tell
from shared.contracts.sweep_events import POSTURE_LOST, SWEEP_COMPLETED, run_event
from shared.domain.ids import UserId
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.lines import Cause, Change
from shared.domain.sweep.runs import RunState
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.totals import Totals, totals_of
from tests.fakes.runs import FakeRuns
from tests.fakes.sweeping import FakeHistory, FakeSnapshots
from tests.properties.clock import WorldClock
from tests.properties.sweep_world import Subscribers
from tests.results import BEGAN, a_run, a_user

WEAK, UNPROTECTED = Verdict.WEAK, Verdict.UNPROTECTED


def a_loss(number: int, after: Verdict, *, privileged: bool = False) -> Change:
    """Somebody was protected, and is so no more."""
    return Change(
        user_id=a_user(number),
        at=BEGAN,
        before=Verdict.PROTECTED,
        after=after,
        cause=Cause.POLICIES,
        known=Verdict.PROTECTED,
        privileged=privileged,
    )


MANY: Final = [a_loss(number, WEAK) for number in range(300)]
GRAVE: Final = [
    a_loss(900, WEAK, privileged=True),
    a_loss(901, UNPROTECTED, privileged=True),
    *(a_loss(number, UNPROTECTED) for number in (800, 801)),
]
"""Whose ids come behind most others'."""


async def told_of(changes: list[Change], *, parts: int) -> list[UserId]:
    """Of whom a run tells that found these, in parts of the tenant, in order."""
    snapshots, subscribers = FakeSnapshots(), Subscribers()
    runs, clock = FakeRuns(), WorldClock()
    run = a_run(slices=parts).ended(RunState.COMPLETED, BEGAN)
    for number in range(parts):
        found = changes[number::parts]
        await snapshots.keep(run.run_id, Slice(number, parts), (), Totals(), found)
    stored = await runs.begin(run, given_up_before=BEGAN)
    announce = Announce(runs, snapshots, FakeHistory(), Tell(subscribers, "tenant"), clock)
    await announce(stored)
    return [
        json.loads(one.body)["subject"]
        for one in subscribers.told.values()
        if one.event_type == POSTURE_LOST
    ]


@pytest.mark.parametrize("parts", [1, 4, 256])
async def test_the_gravest_losses_are_told(parts: int) -> None:
    """Who is privileged, then whom nothing protects any more, then the others, by id."""
    told = await told_of([*MANY, *GRAVE], parts=parts)
    assert told[:4] == [a_user(number) for number in (901, 900, 800, 801)]
    assert told[4:] == sorted(one.user_id for one in MANY)[: MOST_LOST - 4]


async def test_who_is_told_of_does_not_hang_on_the_order() -> None:
    """A run that is told again, in whatever parts, tells of the same people."""
    changes = [*MANY, *GRAVE]
    assert await told_of(changes, parts=1) == await told_of(changes[::-1], parts=16)


def test_the_run_tells_how_many_there_are() -> None:
    """All of them; what is no loss does not count."""
    graced = Change(
        user_id=a_user(1),
        at=BEGAN,
        before=Verdict.PROTECTED,
        after=WEAK,
        cause=Cause.GRACE,
        codes=(ReasonCode.IN_GRACE,),
        known=Verdict.PROTECTED,
    )
    totals = totals_of((), [*MANY, *GRAVE, graced], left_out=0)
    event = json.loads(run_event(a_run(totals=totals), "tenant"))
    assert (event["type"], event["data"]["lost"]) == (SWEEP_COMPLETED, 304)
