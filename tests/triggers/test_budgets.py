"""Budgets: who reads them, who lets a flow go on, and what a hold comes to for a person."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.budgets.flows import Budget, Flow
from shared.domain.budgets.limits import Allowance, Limit
from shared.domain.cases import CaseState
from shared.domain.ids import CaseId, SourceName
from shared.names import FunctionName, Queue
from tests.builders import NOW, a_case, a_leaver, accepted
from tests.triggers.deployment import Deployment, assert_problem, principal, told
from tests.triggers.pass_requests import ask, waiting

pytestmark = pytest.mark.usefixtures("guarded")

LEAVERS = Flow(Budget.LEAVER, SourceName("demo"))
READER = principal("Reader")
APPROVER = principal("Approver", object_ids=("cccc-3",))
ONE = Allowance(per_hour=1, per_day=5)


async def held(deployment: Deployment) -> str:
    """The id of a hold of the leavers."""
    now = deployment.clock.now()
    passed = [await deployment.budgets.spend(LEAVERS, key, ONE, now) for key in ("1", "2")]
    assert passed == [True, False]
    hold = (await deployment.budgets.tally(LEAVERS, now)).hold
    assert hold is not None
    return hold.hold_id


async def listed(deployment: Deployment) -> list[Any]:
    """What a reader is told."""
    value: list[Any] = told(await deployment.call(FunctionName.LIST_BUDGETS, headers=READER))[
        "value"
    ]
    return value


async def approve(
    deployment: Deployment,
    hold_id: str,
    *,
    flow: str = LEAVERS.name,
    who: dict[str, str] = APPROVER,
) -> Any:  # noqa: ANN401  (the answer of any function)
    """The answer to who lets a flow go on."""
    return await deployment.call(
        FunctionName.APPROVE_BUDGET,
        headers=who,
        path={"flow": flow},
        body=f'{{"holdId":"{hold_id}"}}'.encode(),
    )


async def test_nothing_counted_is_nothing_listed(deployment: Deployment) -> None:
    """A new deployment has used up nothing."""
    assert await listed(deployment) == []


async def test_a_reader_sees_what_is_used_up_and_what_is_held(deployment: Deployment) -> None:
    """Each flow with its present hour and day, and the hold that an approval has to name."""
    deployment.limits[Budget.LEAVER] = Limit(per_hour=1, per_day=5, share=1)
    hold_id = await held(deployment)
    (flow,) = await listed(deployment)
    assert (flow["flow"], flow["effect"], flow["source"]) == ("leaver.demo", "leaver", "demo")
    assert (flow["hour"]["used"], flow["day"]["used"]) == (1, 1)
    assert flow["hour"]["limit"] == 25
    assert flow["holdId"] == hold_id
    assert flow["heldSince"] is not None
    assert flow["approvedBy"] is None


async def test_an_approver_lets_a_flow_go_on(deployment: Deployment) -> None:
    """It is told who did, and the hour has as much again."""
    hold_id = await held(deployment)
    answer = await approve(deployment, hold_id)
    assert answer.status_code == 200
    (flow,) = told(answer)["value"]
    assert (flow["holdId"], flow["approvedBy"], flow["hour"]["used"]) == (None, "cccc-3", 0)
    assert (await approve(deployment, hold_id)).status_code == 200


async def test_an_approval_takes_the_role_and_the_hold(deployment: Deployment) -> None:
    """No other role approves, nobody approves what is not held, and no flow is made up."""
    hold_id = await held(deployment)
    for role in ("Reader", "Helpdesk", "Admin"):
        assert_problem(await approve(deployment, hold_id, who=principal(role)), 403)
    assert assert_problem(await approve(deployment, "f" * 32), 409)["code"] == "not-held"
    assert_problem(await approve(deployment, hold_id, flow="nothing.demo"), 404)
    assert_problem(await approve(deployment, hold_id, flow="pass.demo"), 409)
    assert_problem(await approve(deployment, "not an id"), 400)
    assert (await listed(deployment))[0]["holdId"] == hold_id


async def test_an_approval_wakes_who_waits_for_it_at_once(deployment: Deployment) -> None:
    """The cases of this flow are taken up now, and those of others are not."""
    ours, left, joins = a_leaver(CaseState.HELD), a_leaver(CaseState.HELD), a_case(CaseState.HELD)
    for number, (case, budget) in enumerate(
        [(ours, Budget.LEAVER), (left, Budget.GROUP_LEFT), (joins, Budget.ENABLED)], start=1
    ):
        waits = replace(
            case,
            case_id=CaseId(str(number) * 32),
            source=LEAVERS.source,
            held_from=CaseState.ACCEPTED,
            held_for=budget,
            held_since=NOW,
            wait_until=deployment.clock.now() + timedelta(hours=1),
        )
        await deployment.cases.create(accepted(waits))
    await approve(deployment, await held(deployment))
    sent = [(one.command.case_id, one.command.queue, one.at) for one in deployment.broker.commands]
    assert sent == [(ours.case_id, Queue.RESETS, None)]


async def test_no_pass_is_made_beyond_the_budget() -> None:
    """Whoever collects is told why; after an approval there is one."""
    deployment = Deployment()
    deployment.limits[Budget.PASS] = Limit(per_hour=1, per_day=9, share=1)
    first = a_case(CaseState.WAITING_REGISTRATION)
    await waiting(first, deployment)
    assert (await ask(deployment)).status_code == 200
    deployment.clock.advance(timedelta(minutes=1))
    refused = assert_problem(await ask(deployment), 409)
    assert refused["code"] == "budget-exhausted"
    assert deployment.collections.kept == {}
    (flow,) = await listed(deployment)
    answer = await approve(deployment, flow["holdId"], flow=flow["flow"])
    assert answer.status_code == 200
    assert (await ask(deployment)).status_code == 200


async def test_a_hold_is_told_once(deployment: Deployment) -> None:
    """The event says what to approve, and comes once however often the timer fires."""
    hold_id = await held(deployment)
    for _ in range(3):
        await deployment.services.announce_holds()
    (event,) = deployment.broker.events
    assert (event.event_id, event.event_type) == (f"budget-{hold_id}", "mfa.budget.held")
    assert f'"holdId":"{hold_id}"'.encode() in event.body
