"""The functions of the sweep: the timer begins a run, the worker does it, the watch mends it."""

from datetime import timedelta
from random import Random

import pytest

from shared.application.ports.messages import DeadLetter
from shared.application.ports.runs import Staged
from shared.application.sweep.sending import STORE_AWAY
from shared.application.sweep.starting import GIVEN_UP_AFTER
from shared.application.sweep.watching import STILL_FOR
from shared.contracts.sweep_commands import encode_sweep_command
from shared.domain.errors.directory import DirectoryUnavailable
from shared.domain.errors.messages import BrokerUnavailable
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.runs import Problem, Run, RunState, Stage
from shared.domain.sweep.slices import Slice
from shared.names import FunctionName, Queue
from tests.contract.sweep_samples import staged
from tests.properties.swept_tenant import populated
from tests.triggers.deployment import Deployment
from tests.triggers.stages import deliver, work_through


@pytest.fixture
def deployment() -> Deployment:
    """An app in a tenant of some people."""
    return Deployment(swept=populated(Random(7), 12))  # noqa: S311  (it makes test data)


async def fire(deployment: Deployment, name: FunctionName) -> None:
    """A timer fires."""
    await deployment.functions[name](None)


async def runs(deployment: Deployment) -> list[Run]:
    """All runs, newest first."""
    found, _ = await deployment.runs.newest(None, 10)
    return list(found)


async def test_a_night_is_swept(deployment: Deployment) -> None:
    """From the timer to the end: everybody is judged, who is to be mended asked for, and told."""
    await fire(deployment, FunctionName.NIGHTLY_SWEEP)
    await work_through(deployment.functions, deployment.stages)
    (run,) = await runs(deployment)
    # Of twelve people one may be mended without anybody's word.
    assert (run.state, run.by, run.stage) == (RunState.COMPLETED, "timer", Stage.NOTHING)
    assert run.totals is not None
    assert run.remediation is not None
    assert run.remediation.needs_approval
    judged = run.totals.verdicts.total()
    assert judged == sum(row.enabled for row in deployment.swept.everybody.values())
    told = {event.event_type: event.event_id for event in deployment.broker.events}
    assert told["mfa.sweep.completed"] == f"sweep-{run.run_id}"
    assert told["mfa.sweep.held"] == f"held-{run.run_id}"
    (asked,) = deployment.broker.commands
    assert asked.command.queue is Queue.ONBOARDING
    assert asked.command.case_id == run.remediation.case_id


async def test_policies_that_cannot_be_read_for_good_leave_people_unknown(
    deployment: Deployment,
) -> None:
    """The run is partial and says why; nobody looks unprotected, and nobody is asked for."""
    deployment.swept.refused = {"policies": DirectoryUnavailable("Graph answered 500.")}
    await fire(deployment, FunctionName.NIGHTLY_SWEEP)
    await work_through(deployment.functions, deployment.stages)
    (run,) = await runs(deployment)
    assert (run.state, run.stage) == (RunState.PARTIAL, Stage.NOTHING)
    assert run.problems == (Problem(what="policies", reason="Graph answered 500."),)
    assert run.totals is not None
    assert run.totals.verdicts[Verdict.UNPROTECTED] == 0
    assert run.totals.verdicts[Verdict.UNKNOWN]


async def test_a_run_that_goes_on_is_no_trouble(
    deployment: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    """The timer leaves it alone, and says so."""
    caplog.set_level("INFO")
    for _ in range(2):
        await fire(deployment, FunctionName.NIGHTLY_SWEEP)
    assert len(await runs(deployment)) == 1
    assert len(deployment.stages.sent) == 1
    assert [one.getMessage() for one in caplog.records if "goes-on" in one.getMessage()] == [
        "sweep.goes-on code=run-in-progress"
    ]


async def test_a_night_without_a_store_gets_its_run_later(deployment: Deployment) -> None:
    """The broker keeps the message, as often as it takes, until the store is there again."""
    deployment.runs.down = True
    await fire(deployment, FunctionName.NIGHTLY_SWEEP)
    for _ in range(3):
        (kept,) = deployment.stages.sent
        assert kept.at == deployment.clock.now() + STORE_AWAY
        deployment.clock.advance(timedelta(minutes=5))
        deployment.stages.sent.clear()
        await deliver(deployment.functions, encode_sweep_command(kept.command))
    deployment.runs.down = False
    await work_through(deployment.functions, deployment.stages)
    (run,) = await runs(deployment)
    assert (run.run_id, run.by) == (kept.command.run_id, "timer")
    assert run.started_at == deployment.clock.now()
    assert (run.state, run.stage) == (RunState.COMPLETED, Stage.NOTHING)


async def test_a_night_without_store_and_broker_is_told(deployment: Deployment) -> None:
    """The host counts the failure; nothing is said to have begun."""
    deployment.runs.down = deployment.stages.down = True
    with pytest.raises(BrokerUnavailable):
        await fire(deployment, FunctionName.NIGHTLY_SWEEP)
    assert deployment.stages.sent == []


async def test_what_was_staged_is_dropped_after_the_end(deployment: Deployment) -> None:
    """Of every run, also of those that failed long ago, and of who died before it counted."""
    begun = []
    for _ in range(7):
        await fire(deployment, FunctionName.NIGHTLY_SWEEP)
        plan = deployment.stages.sent.pop(0)
        await deliver(deployment.functions, encode_sweep_command(plan.command))
        deployment.stages.sent.clear()
        begun.append((await runs(deployment))[0].run_id)
        rows = {Slice(0, 1): staged(1)}
        await deployment.staging.keep(begun[-1], "left", rows)
        deployment.clock.advance(GIVEN_UP_AFTER + timedelta(minutes=1))
    await fire(deployment, FunctionName.FORGET_RUNS)
    left = [
        run_id
        for run_id in begun
        if await deployment.staging.read(run_id, Slice(0, 1), ["left"]) != Staged()
    ]
    assert left == begun[-1:]
    states = [(run.state, run.cleared) for run in await runs(deployment)]
    assert states == [(RunState.RUNNING, False), *[(RunState.FAILED, True)] * 6]


async def test_a_message_that_was_lost_is_sent_again(deployment: Deployment) -> None:
    """The watch finds a run that stands still, and no other."""
    await fire(deployment, FunctionName.NIGHTLY_SWEEP)
    (lost,) = deployment.stages.sent
    deployment.stages.sent.clear()
    await fire(deployment, FunctionName.WATCH_RUNS)
    assert deployment.stages.sent == []
    deployment.clock.advance(STILL_FOR + timedelta(seconds=1))
    await fire(deployment, FunctionName.WATCH_RUNS)
    assert deployment.stages.sent == [lost]


async def test_what_the_broker_gave_up_is_dropped(deployment: Deployment) -> None:
    """It is parked by nobody: the run is taken up again, and a case it never was."""
    letter = DeadLetter(
        message_id="m", queue=Queue.COMPLIANCE, body=b"{}", reason="tired", attempts=5
    )
    deployment.broker.dead_letters = [letter]
    await fire(deployment, FunctionName.DEAD_LETTERS)
    assert deployment.broker.dead_letters == [letter]
    await fire(deployment, FunctionName.WATCH_RUNS)
    assert deployment.broker.dead_letters == []
    assert await deployment.parked.newest(None) == ((), None)


async def test_a_message_that_is_no_stage_does_no_harm(deployment: Deployment) -> None:
    """Nobody but us may send here; it is dropped at once, and not five times."""
    for body in (b"", b"{}", b"\xff", b"[" * 10_000):
        await deliver(deployment.functions, body)
    assert await runs(deployment) == []


async def test_old_runs_are_forgotten(deployment: Deployment) -> None:
    """After as many days as the setting says; but the next run compares with the last one."""
    for _ in range(2):
        await fire(deployment, FunctionName.NIGHTLY_SWEEP)
        await work_through(deployment.functions, deployment.stages)
        deployment.clock.advance(timedelta(days=1))
    for days, left in ((87, 2), (2, 1), (100, 1)):
        deployment.clock.advance(timedelta(days=days))
        await fire(deployment, FunctionName.FORGET_RUNS)
        assert len(await runs(deployment)) == left
