"""Tickets as webhooks: signed like HR events, and answered like them."""

import json

import azure.functions as func
import pytest

from shared.domain.ids import CaseId
from shared.domain.plans import ResetPlan
from shared.names import FunctionName
from tests.triggers.deployment import (
    DESK_SECRET,
    OTHER_SECRET,
    SECRET,
    Deployment,
    assert_problem,
    principal,
    signed,
    told,
)
from tests.triggers.tickets import enqueue, ticket

DESK_LIMIT = 3
"""New tickets a day of the source `desk`."""


async def post(
    app: Deployment, body: bytes, *, secret: str = DESK_SECRET, source: str = "desk"
) -> func.HttpResponse:
    """The answer to a ticket that a source has signed."""
    return await app.call(
        FunctionName.RESETS_WEBHOOK,
        headers=signed(body, secret=secret),
        path={"source": source},
        body=body,
    )


async def plan_of(app: Deployment, case_id: str) -> ResetPlan:
    """What a case was asked to do."""
    stored = await app.cases.load(CaseId(case_id))
    assert stored is not None
    assert (stored.case.source, stored.case.verified_with) == ("desk", "secret 1")
    assert isinstance(stored.case.plan, ResetPlan)
    return stored.case.plan


async def test_a_ticket_is_answered_with_its_case(deployment: Deployment) -> None:
    """The same ticket again has the same answer, and one command takes its case up."""
    first, again = [await post(deployment, ticket()) for _ in range(2)]
    assert first.status_code == 202
    document = told(first)
    assert document.keys() == {"caseId", "state", "statusUrl"}
    assert told(again) == document
    assert (await plan_of(deployment, document["caseId"])).ticket_id == "INC-1"
    assert len(deployment.broker.commands) == 1


async def test_sources_share_no_ticket_ids(deployment: Deployment) -> None:
    """A number of one system says nothing about the same number of another, or of the queue."""
    webhook = told(await post(deployment, ticket()))
    await enqueue(deployment, ticket())
    told_of = {event.body for event in deployment.broker.events}
    assert len(deployment.claims.claims) == 2
    assert told_of
    assert all(webhook["caseId"].encode() not in body for body in told_of)


async def test_other_content_is_a_conflict(deployment: Deployment) -> None:
    """The first case stays as it is, and warns."""
    document = told(await post(deployment, ticket()))
    assert_problem(await post(deployment, ticket(reason="compromised")), 409)
    assert (await plan_of(deployment, document["caseId"])).reason == "lost"


@pytest.mark.parametrize(
    ("body", "secret", "source", "status"),
    [
        (b"{}", DESK_SECRET, "desk", 400),
        (ticket(reason="bored"), DESK_SECRET, "desk", 400),
        (ticket(userId="7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11"), DESK_SECRET, "desk", 400),
        (ticket(), OTHER_SECRET, "desk", 401),
        (ticket(), SECRET, "desk", 401),
        (ticket(), SECRET, "demo", 404),
        (ticket(), SECRET, "queue", 404),
        (ticket(requestedBy="x" * 300_000), DESK_SECRET, "desk", 413),
    ],
)
async def test_what_is_refused_leaves_no_trace(
    deployment: Deployment, body: bytes, secret: str, source: str, status: int
) -> None:
    """Neither a row nor an event: there is nothing for a stranger to amplify."""
    assert_problem(await post(deployment, body, secret=secret, source=source), status)
    assert deployment.claims.claims == {}
    assert deployment.broker.events == []
    assert await deployment.parked.newest(None) == ((), None)


async def test_a_ticket_source_sends_no_hr_events(deployment: Deployment) -> None:
    """Each kind of source has its own door."""
    body = b'{"type":"joiner","userPrincipalName":"robin@contoso.example"}'
    answer = await deployment.call(
        FunctionName.ONBOARDING_WEBHOOK,
        headers=signed(body, secret=DESK_SECRET),
        path={"source": "desk"},
        body=body,
    )
    assert_problem(answer, 404)


async def test_a_day_has_so_many_new_tickets(deployment: Deployment) -> None:
    """The next one is a 429 until midnight; known ones do not count."""
    bodies = [ticket(ticketId=f"INC-{number}") for number in range(DESK_LIMIT + 1)]
    statuses = [(await post(deployment, body)).status_code for body in (*bodies, bodies[0])]
    assert statuses == [202] * DESK_LIMIT + [429, 202]


async def test_a_store_that_is_away_is_a_503(deployment: Deployment) -> None:
    """Nothing is acknowledged that is not stored."""
    deployment.cases.down = True
    answer = await post(deployment, ticket())
    assert_problem(answer, 503)
    assert "Retry-After" in answer.headers


@pytest.mark.usefixtures("guarded")
async def test_a_suspended_source_is_turned_away(deployment: Deployment) -> None:
    """An operator suspends a ticket source as an HR source."""
    change = json.dumps({"sources": {"desk": "suspended"}}).encode()
    await deployment.call(FunctionName.PUT_CONTROL, headers=principal("Approver"), body=change)
    assert_problem(await post(deployment, ticket()), 403)
