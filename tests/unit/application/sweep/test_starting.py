"""A new run takes up where the runs before have left off."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.application.sweep.sending import SendStage
from shared.application.sweep.starting import StartRun
from shared.domain.ids import CaseId, UserId
from shared.domain.sweep.runs import Remediation, Run, RunId, RunState
from tests.fakes.runs import FakeRuns
from tests.properties.clock import WorldClock
from tests.properties.sweep_world import Queue
from tests.results import a_run, a_user


def asked(last: UserId | None) -> Remediation:
    """A run has asked for people, this one the last."""
    return Remediation(case_id=CaseId("c" * 32), people=1, left=0, allowed=25, last=last)


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ([], None),
        ([None], None),
        ([asked(a_user(7))], a_user(7)),
        ([asked(a_user(9)), asked(a_user(7))], a_user(7)),
        # A night in which nobody was to be mended, as where nothing could be read.
        ([asked(a_user(7)), None], a_user(7)),
        # One that was stored before anybody noted it.
        ([asked(None)], None),
    ],
    ids=["the first run", "nobody", "somebody", "the latest", "a night between", "an old one"],
)
async def test_a_run_asks_behind_the_last_one_whom_a_run_has_asked_for(
    before: list[Remediation | None], expected: UserId | None
) -> None:
    """It is decided at its beginning, so that a finish that is repeated asks for the same."""
    runs, clock = FakeRuns(), WorldClock()
    start = StartRun(runs, SendStage(Queue(), clock), clock)
    for number, remediation in enumerate(before):
        began = clock.now() - timedelta(days=len(before) - number)
        begun: Run = a_run(
            run_id=RunId(f"20261101T020000Z-{number:08x}"),
            state=RunState.RUNNING,
            started_at=began,
        )
        stored = await runs.begin(begun, given_up_before=began)
        ended = replace(begun, state=RunState.COMPLETED, remediation=remediation)
        await runs.save(stored, ended)
    run = await start("timer")
    assert run.ask_after == expected
    kept = await runs.load(run.run_id)
    assert kept is not None
    assert kept.run.ask_after == expected
