"""A word about deleted app passwords over HTTP: whose counts, and about which case."""

import json
from dataclasses import replace
from typing import Any

import azure.functions as func
import pytest

from shared.domain.approvals import plan_hash
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.ids import CaseId, SourceName, UserId
from shared.domain.plans import ResetPlan
from shared.domain.reset.app_passwords import AppPasswords
from shared.domain.reset.progress import ResetProgress
from shared.domain.reset.tickets import ALL_ACTIONS, ResetReason
from shared.domain.transitions import record
from shared.names import FunctionName
from tests.builders import NOW
from tests.triggers.deployment import Deployment, assert_problem, principal, told

KIM = UserId("a0000000-0000-4000-8000-000000000001")
HELPDESK = principal("Helpdesk")
pytestmark = pytest.mark.usefixtures("guarded")


async def a_reset(deployment: Deployment, **progress: Any) -> Case:  # noqa: ANN401  (any progress)
    """A reset with an item that is open, but for what is said here."""
    opened = {"app_passwords": AppPasswords.MANUAL_ACTION_REQUIRED, "item_since": NOW}
    case = Case(
        case_id=CaseId("c" * 32),
        state=CaseState.ACCEPTED,
        source=SourceName("tickets"),
        verified_with="1",
        plan=ResetPlan(
            ticket_id="INC-1",
            user_id=KIM,
            user_principal_name=None,
            reason=ResetReason.LOST,
            actions=ALL_ACTIONS,
            requested_by="portal",
            verified_by="agent-7",
            verified_how="callback",
            occurred_at=NOW,
        ),
        user_id=KIM,
        reset=ResetProgress(**{**opened, **progress}),
        accepted_at=NOW,
        updated_at=NOW,
    )
    accepted = record(
        case, NOW, action="accept", outcome=StepOutcome.DONE, event=EventType.ACCEPTED
    )
    waiting = replace(accepted.case, state=CaseState.AWAITING_CONFIRMATION)
    stored = await deployment.cases.create(replace(accepted, case=waiting))
    return stored.case


async def confirm(
    deployment: Deployment, case: Case, headers: dict[str, str], seen: str | None = None
) -> func.HttpResponse:
    """Say that the app passwords are deleted."""
    return await deployment.call(
        FunctionName.CONFIRM_CASE,
        headers=headers,
        path={"caseId": case.case_id},
        body=json.dumps({"planHash": seen or plan_hash(case)}).encode(),
    )


async def test_the_helpdesk_says_so_and_the_case_goes_on(deployment: Deployment) -> None:
    """The word stands in the case with who gave it, and is worth nothing twice."""
    case = await a_reset(deployment)
    answer = await confirm(deployment, case, HELPDESK)
    assert answer.status_code == 200
    view = told(answer)
    assert view["appPasswords"] == "confirmed-by-person"
    assert "says that" in view["steps"][-1]["detail"]
    assert [one.command.case_id for one in deployment.broker.commands] == [case.case_id]
    assert_problem(await confirm(deployment, case, HELPDESK), 409)


async def test_an_admin_alone_may_not(deployment: Deployment) -> None:
    """Each kind of case has its own role; enrolments are the admins'."""
    case = await a_reset(deployment)
    answer = await confirm(deployment, case, principal("Admin"))
    assert assert_problem(answer, 403)["code"] == "role-missing"


async def test_only_an_open_item_is_confirmed(deployment: Deployment) -> None:
    """By who has read the case as it is."""
    closed = await a_reset(deployment, app_passwords=AppPasswords.SHUT_BY_POLICY)
    assert_problem(await confirm(deployment, closed, HELPDESK), 409)


async def test_who_has_read_another_plan_confirms_nothing(deployment: Deployment) -> None:
    """The hash is that of the case."""
    case = await a_reset(deployment)
    assert_problem(await confirm(deployment, case, HELPDESK, "0" * 64), 409)


async def test_nobody_confirms_what_is_their_own(deployment: Deployment) -> None:
    """Whoever has the person's device may be signed in as the person."""
    case = await a_reset(deployment)
    themselves = principal("Helpdesk", object_ids=(KIM,))
    assert (
        assert_problem(await confirm(deployment, case, themselves), 403)["code"] == "own-approval"
    )
