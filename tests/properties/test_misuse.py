"""Changes in our name: whatever dies or fails on the way, each misuse is counted and told once."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.misuse_events import IDENTITY_MISUSE
from shared.domain.cases import CaseState, StepOutcome
from shared.domain.ids import CaseId, UserId
from shared.domain.sweep.reconciling import AuditLine
from shared.domain.sweep.runs import Run, RunState
from shared.domain.transitions import record
from tests.builders import a_case, accepted
from tests.properties.interrupting import How
from tests.properties.sweep_world import SweepWorld, drawn

STATE = "Update per-user multifactor authentication state"


async def changed(world: SweepWorld, number: int, *, by_case: bool) -> str:
    """Somebody is changed under our name, by a case or by nobody's leave; the line's id."""
    user, now = UserId(f"a0000000-0000-4000-8000-{number:012}"), world.clock.now()
    if by_case:
        case = a_case(
            CaseState.WAITING_REGISTRATION, case_id=CaseId(f"{number:032x}"), user_id=user
        )
        stored = await world.cases.create(accepted(replace(case, accepted_at=now)))
        begun = record(stored.case, now, action="enforce", outcome=StepOutcome.BEGUN)
        await world.cases.save(stored, begun)
    line = AuditLine(
        line_id=f"line-{number}", activity=STATE, at=now, identity="lifecycle", people=(user,)
    )
    world.own_changes.lines.append(line)
    return line.line_id


def told(world: SweepWorld) -> list[str]:
    """The lines that subscribers were told of."""
    events = [one for one in world.subscribers.told.values() if one.event_type == IDENTITY_MISUSE]
    return sorted(json.loads(event.body)["data"]["lineId"] for event in events)


def counts(run: Run) -> tuple[int, int, int]:
    """The changes, the misuses and the doubts of a run."""
    found = run.reconciliation
    assert found is not None
    assert found.done
    assert not found.failed
    return found.changes, found.misuse, found.unknown


@given(
    nights=st.lists(st.lists(st.booleans(), max_size=5), min_size=1, max_size=3),
    plan=st.dictionaries(st.integers(0, 120), st.sampled_from(How), max_size=8),
)
def test_each_misuse_is_counted_and_told_once(
    nights: list[list[bool]], plan: dict[int, How]
) -> None:
    """Over nights of which any may be disturbed; what cases did is never among them."""

    async def story() -> None:
        world, misuses, number = drawn(7, 5), list[str](), 0
        world.interruptions.plan = dict(plan)
        for night in nights:
            for by_case in night:
                line_id = await changed(world, number, by_case=by_case)
                misuses += [] if by_case else [line_id]
                number += 1
            world.clock.advance(timedelta(minutes=5))
            run = await world.sweep()
            assert run.state is RunState.COMPLETED
            _, misuse, unknown = counts(run)
            assert (misuse, unknown) == (night.count(False), 0)
            # The next one reads the last hour of this one again.
            world.clock.advance(timedelta(minutes=20))
        assert told(world) == sorted(misuses)

    asyncio.run(story())
