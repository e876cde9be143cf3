"""What a run would mend waits for an approver's word, for the plan that they have read.

How the run ended is one thing, and what became of its enrolment is another: each is told as it is.
"""

import json
from dataclasses import replace
from random import Random
from typing import Any, Final

import azure.functions as func
import pytest
from azure.functions.servicebus import ServiceBusMessage

from shared.contracts.commands import encode_command
from shared.domain.approvals import plan_hash
from shared.domain.authentication import PerUserMfaState
from shared.domain.cases import CaseState
from shared.domain.control import Mode
from shared.domain.enrolment.planning import BREATH, PLAN_LASTS
from shared.domain.errors.directory import PermissionMissing
from shared.domain.ids import CaseId
from shared.domain.sweep.runs import Remediation, RunState
from shared.names import FunctionName
from tests.fakes.runs import FakeRuns
from tests.properties.swept_tenant import populated
from tests.results import RUN_ID, a_line, a_run, keep_results
from tests.triggers.deployment import Deployment, assert_problem, principal, told
from tests.triggers.stages import work_through

pytestmark = pytest.mark.usefixtures("guarded")

APPROVER: Final = principal("Approver", object_ids=("bbbb-2",))
ADMIN: Final = principal("Admin", "Helpdesk", "Reader", object_ids=("dddd-4",))


@pytest.fixture
async def deployment() -> Deployment:
    """An app in a tenant where nothing requires MFA of anybody, whose onboarding acts."""
    return await deployed(FakeRuns())


async def deployed(runs: FakeRuns) -> Deployment:
    """The same over these runs."""
    swept = populated(Random(7), 12)  # noqa: S311  (it makes test data)
    swept.policies.clear()
    found = Deployment(swept=swept, runs=runs)
    for user, row in swept.everybody.items():
        swept.everybody[user] = replace(row, state=PerUserMfaState.DISABLED, enabled=True)
        found.directory.add(row.sign_in_name, user_id=user)
    await act(found)
    return found


async def act(deployment: Deployment) -> None:
    """Onboarding acts: two administrators have said so."""
    for person in ("dddd-4", "eeee-5"):
        await deployment.call(
            FunctionName.PUT_CONTROL,
            headers=principal("Admin", object_ids=(person,)),
            body=json.dumps({"onboarding": Mode.ACT}).encode(),
        )


async def work(deployment: Deployment) -> None:
    """Deliver what is in the queue now."""
    sent, deployment.broker.commands = deployment.broker.commands, []
    for one in sent:
        message = ServiceBusMessage(
            body=encode_command(one.command),
            message_id="m",
            user_properties={},
            application_properties={},
            delivery_count=1,
        )
        await deployment.functions[FunctionName.ONBOARDING_WORKER](message)


async def held(deployment: Deployment) -> dict[str, Any]:
    """A night that found more than it may take up; its enrolment is planned."""
    await deployment.functions[FunctionName.NIGHTLY_SWEEP](None)
    await work_through(deployment.functions, deployment.stages)
    await work(deployment)
    listed = told(await deployment.call(FunctionName.LIST_RUNS, headers=ADMIN))["value"]
    run = await read(deployment, listed[0]["runId"])
    assert mended(run) == mended(listed[0]) == "held"
    return run


def mended(run: dict[str, Any]) -> str:
    """What became of whom a run had taken up."""
    state: str = run["remediation"]["state"]
    return state


async def read(deployment: Deployment, run_id: str) -> dict[str, Any]:
    """A run as it is shown."""
    answer = await deployment.call(FunctionName.GET_RUN, headers=ADMIN, path={"runId": run_id})
    view: dict[str, Any] = told(answer)
    return view


async def enrolment(deployment: Deployment, run: dict[str, Any]) -> dict[str, Any]:
    """The enrolment of a run as it is shown."""
    path = {"caseId": run["remediation"]["caseId"]}
    view: dict[str, Any] = told(await deployment.call(FunctionName.GET_CASE, path=path))
    return view


async def approve(
    deployment: Deployment,
    run_id: str,
    seen: str = "0" * 64,
    headers: dict[str, str] = APPROVER,
) -> func.HttpResponse:
    """Let a run go on."""
    return await deployment.call(
        FunctionName.APPROVE_RUN,
        headers=headers,
        path={"runId": run_id},
        body=json.dumps({"planHash": seen}).encode(),
    )


async def test_a_held_run_goes_on_with_an_approvers_word(deployment: Deployment) -> None:
    """Its enrolment opens a case for each, says who has agreed, and the run tells how far it is."""
    run = await held(deployment)
    planned = await enrolment(deployment, run)
    assert planned["state"] == "awaiting-confirmation"
    answer = await approve(deployment, run["runId"], planned["planHash"])
    assert answer.status_code == 200
    assert (told(answer)["state"], mended(told(answer))) == ("completed", "enrolling")
    assert await read(deployment, run["runId"]) == told(answer)
    going = await deployment.services.read_case(CaseId(planned["caseId"]))
    assert going.case.state is CaseState.ENROLLING
    assert going.case.approval is not None
    assert (going.case.approval.by, going.case.approval.plan_hash) == (
        "bbbb-2",
        plan_hash(going.case),
    )
    for _ in range(3):
        deployment.clock.advance(BREATH)
        await work(deployment)
    page = await deployment.call(
        FunctionName.LIST_ENROLLED, headers=ADMIN, path={"caseId": planned["caseId"]}
    )
    opened = [one["caseId"] for one in told(page)["value"]]
    assert len(opened) == run["remediation"]["people"] == 12
    assert None not in opened
    assert mended(await read(deployment, run["runId"])) == "done"


async def test_a_plan_that_nobody_agrees_to_lapses(deployment: Deployment) -> None:
    """The run is not held for ever, and nobody can agree any more."""
    run = await held(deployment)
    seen = (await enrolment(deployment, run))["planHash"]
    deployment.clock.advance(PLAN_LASTS)
    await deployment.services.recover_due_cases()
    await work(deployment)
    assert mended(await read(deployment, run["runId"])) == "lapsed"
    problem = assert_problem(await approve(deployment, run["runId"], seen), 409)
    assert problem["code"] == "illegal-transition"


async def test_an_enrolment_that_is_called_off_is_not_held(deployment: Deployment) -> None:
    """The run says so, in the list, too."""
    run = await held(deployment)
    case_id = run["remediation"]["caseId"]
    answer = await deployment.call(
        FunctionName.CANCEL_CASE, headers=ADMIN, path={"caseId": case_id}
    )
    assert answer.status_code == 200
    assert mended(await read(deployment, run["runId"])) == "cancelled"
    listed = told(await deployment.call(FunctionName.LIST_RUNS, headers=ADMIN))["value"]
    assert mended(listed[0]) == "cancelled"


async def test_of_an_enrolment_that_is_gone_nobody_can_tell(deployment: Deployment) -> None:
    """It is unknown, and neither held nor done."""
    await keep_results(deployment.runs, deployment.snapshots, a_run(), [a_line(1)])
    stored = await deployment.runs.load(RUN_ID)
    assert stored is not None
    gone = Remediation(case_id=CaseId("c" * 32), people=1, left=0, allowed=0)
    await deployment.runs.save(stored, replace(stored.run, remediation=gone))
    assert mended(await read(deployment, RUN_ID)) == "unknown"
    assert_problem(await approve(deployment, RUN_ID), 404)


async def test_a_run_that_missed_something_is_partial_and_held(deployment: Deployment) -> None:
    """It says both, and an approval reads nothing that could not be read."""
    deployment.swept.refused = {"registrations": PermissionMissing("no role")}
    run = await held(deployment)
    assert run["state"] == "partial"
    planned = await enrolment(deployment, run)
    answer = await approve(deployment, run["runId"], planned["planHash"])
    assert (told(answer)["state"], mended(told(answer))) == ("partial", "enrolling")
    assert told(answer)["problems"] == run["problems"] != []


async def test_an_approval_is_for_the_plan_that_was_read(deployment: Deployment) -> None:
    """Another one changes nothing, and the run is held as it was."""
    run = await held(deployment)
    answer = await approve(deployment, run["runId"])
    assert assert_problem(answer, 409)["code"] == "plan-changed"
    assert await read(deployment, run["runId"]) == run
    assert (await enrolment(deployment, run))["state"] == "awaiting-confirmation"


async def test_before_there_is_a_plan_nobody_can_agree_to_it(deployment: Deployment) -> None:
    """The enrolment still looks at people."""
    await deployment.functions[FunctionName.NIGHTLY_SWEEP](None)
    await work_through(deployment.functions, deployment.stages)
    (run,), _ = await deployment.runs.newest(None, 1)
    assert_problem(await approve(deployment, run.run_id), 409)
    assert mended(await read(deployment, run.run_id)) == "planning"


async def test_a_run_is_approved_once(deployment: Deployment) -> None:
    """The second word is for a run that waits for nobody."""
    run = await held(deployment)
    seen = (await enrolment(deployment, run))["planHash"]
    assert (await approve(deployment, run["runId"], seen)).status_code == 200
    problem = assert_problem(await approve(deployment, run["runId"], seen), 409)
    assert problem["code"] == "illegal-transition"


async def test_who_agrees_by_the_case_has_agreed_for_the_run(deployment: Deployment) -> None:
    """There is one truth, and it stands in the case."""
    run = await held(deployment)
    seen = (await enrolment(deployment, run))["planHash"]
    await deployment.services.confirm_case(CaseId(run["remediation"]["caseId"]), seen, "bbbb-2")
    assert mended(await read(deployment, run["runId"])) == "enrolling"


@pytest.mark.parametrize("state", RunState)
async def test_a_run_that_asked_for_nobody_waits_for_nobody(
    deployment: Deployment, state: RunState
) -> None:
    """It stays as it is."""
    await keep_results(deployment.runs, deployment.snapshots, a_run(state=state), [a_line(1)])
    problem = assert_problem(await approve(deployment, RUN_ID), 409)
    assert problem["code"] == "illegal-transition"
    after = await read(deployment, RUN_ID)
    assert (after["state"], after["remediation"]) == (state, {})


@pytest.mark.parametrize("run_id", [RUN_ID, "x", "../../etc", f"{RUN_ID}\n"])
async def test_a_run_that_is_none_can_not_be_approved(run_id: str) -> None:
    """An id of no run is not found, whatever it looks like."""
    assert assert_problem(await approve(Deployment(), run_id), 404)["code"] == "not-found"


@pytest.mark.parametrize("body", [b"", b"{}", b'{"planHash":"x"}', b'{"planHash":1}'])
async def test_an_approval_names_a_plan(deployment: Deployment, body: bytes) -> None:
    """Without its hash it is none."""
    run = await held(deployment)
    answer = await deployment.call(
        FunctionName.APPROVE_RUN, headers=APPROVER, path={"runId": run["runId"]}, body=body
    )
    assert assert_problem(answer, 400)["code"] == "invalid-request"
    assert mended(await read(deployment, run["runId"])) == "held"


async def test_nobody_else_approves(deployment: Deployment) -> None:
    """Whoever holds every other role is refused."""
    run = await held(deployment)
    seen = (await enrolment(deployment, run))["planHash"]
    answer = await approve(deployment, run["runId"], seen, ADMIN)
    assert assert_problem(answer, 403)["code"] == "role-missing"
    assert await read(deployment, run["runId"]) == run
