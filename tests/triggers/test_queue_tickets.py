"""Tickets on the queue: each becomes one case, or is parked once and answered by an event."""

import json
from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.commands import AdvanceCase, encode_command
from shared.domain.cases import Case, CaseEvent, EventType
from shared.domain.errors.storage import StoreUnavailable
from shared.domain.ids import CaseId
from shared.domain.plans import ResetPlan
from shared.domain.reset.tickets import ALL_ACTIONS, ResetAction
from shared.names import FunctionName, Queue
from tests.triggers.deployment import NEXT_QUEUE_SECRET, OTHER_SECRET, Deployment, principal
from tests.triggers.tickets import SENT_AT, enqueue, proof, ticket

USER = "7B4AE0A5-0F52-4D5A-9A3D-6F5A0D3C8F11"
DEEP = b'{"ticketId":"INC-1","reason":' + b"[" * 100_000


async def cases(app: Deployment) -> list[Case]:
    """Every case that a ticket has opened."""
    found = [await app.cases.load(case_id) for case_id, _ in app.claims.claims.values()]
    return [stored.case for stored in found if stored is not None]


async def events(app: Deployment) -> list[CaseEvent]:
    """Every event of every case that a ticket has opened."""
    found = [await app.cases.load(case.case_id) for case in await cases(app)]
    return [event for stored in found if stored is not None for event in stored.events]


async def only_case(app: Deployment) -> Case:
    """The one case that there is."""
    (case,) = await cases(app)
    return case


def told(app: Deployment) -> list[dict[str, Any]]:
    """What subscribers were told of parked messages."""
    events = [json.loads(event.body) for event in app.broker.events]
    return [event["data"] for event in events if event["type"] == EventType.PARKED]


async def test_a_ticket_opens_a_case(deployment: Deployment) -> None:
    """The plan says what the ticket says, and the case is taken up: here, nobody is found."""
    await enqueue(deployment, ticket())
    case = await only_case(deployment)
    plan = case.plan
    assert isinstance(plan, ResetPlan)
    assert (plan.ticket_id, plan.user_principal_name) == ("INC-1", "robin@contoso.example")
    assert (plan.verified_by, plan.verified_how) == ("kim@contoso.example", "callback")
    assert plan.actions == ALL_ACTIONS
    assert (case.source, case.verified_with) == ("queue", "access to the queue")
    stored = await deployment.cases.load(case.case_id)
    assert stored is not None
    assert [(event.type, event.ticket_id) for event in stored.events] == [
        (EventType.ACCEPTED, "INC-1"),
        (EventType.PARKED, "INC-1"),
    ]
    assert deployment.broker.commands == []


async def test_a_ticket_without_verification_becomes_a_case(deployment: Deployment) -> None:
    """It is well formed: what it lacks is for the policy to refuse, on the record."""
    await enqueue(deployment, ticket(verification=None))
    plan = (await only_case(deployment)).plan
    assert isinstance(plan, ResetPlan)
    assert (plan.verified_by, plan.verified_how) == (None, None)


async def test_the_same_ticket_is_the_same_case(deployment: Deployment) -> None:
    """Whatever the order of its fields and actions, and whoever repeats it."""
    actions = ["sessions", "methods"]
    first = ticket(userPrincipalName=None, userId=USER, actions=actions)
    again = ticket(userPrincipalName=None, userId=USER.lower(), actions=actions[::-1])
    for body in (first, first, json.dumps(json.loads(again), sort_keys=True).encode()):
        await enqueue(deployment, body)
    plan = (await only_case(deployment)).plan
    assert isinstance(plan, ResetPlan)
    assert plan.user_id == USER.lower()
    assert plan.actions == (ResetAction.METHODS, ResetAction.SESSIONS)
    assert [event.type for event in await events(deployment)] == [
        EventType.ACCEPTED,
        EventType.PARKED,
    ]


async def test_systems_that_share_the_queue_share_no_ids(deployment: Deployment) -> None:
    """Each names itself: what one says of its number contradicts no other one's."""
    bodies = [
        ticket(),
        ticket(system="hardware-desk", reason="stolen"),
        ticket(system="security", reason="compromised"),
        ticket(ticketId="security:INC-1"),
    ]
    for body in (*bodies, *bodies):
        await enqueue(deployment, body)
    found = await cases(deployment)
    assert len(found) == len(bodies)
    assert EventType.CONTRADICTED not in {event.type for event in await events(deployment)}
    assert {(one.ticket_id, one.ticket_system) for one in await events(deployment)} == {
        ("INC-1", None),
        ("INC-1", "hardware-desk"),
        ("INC-1", "security"),
        ("security:INC-1", None),
    }


async def test_other_content_is_told_by_the_first_case(deployment: Deployment) -> None:
    """There is no second case, the message is not parked, and the plan stays."""
    await enqueue(deployment, ticket())
    await enqueue(deployment, ticket(reason="compromised"))
    case = await only_case(deployment)
    assert isinstance(case.plan, ResetPlan)
    assert case.plan.reason == "lost"
    stored = await deployment.cases.load(case.case_id)
    assert stored is not None
    assert [event.type for event in stored.events] == [
        EventType.ACCEPTED,
        EventType.PARKED,
        EventType.CONTRADICTED,
    ]
    assert stored.events[-1].ticket_id == "INC-1"
    parked, _ = await deployment.parked.newest(None)
    assert [one.case_id for one in parked] == [case.case_id]


@pytest.mark.parametrize(
    ("body", "readable"),
    [
        (b"", False),
        (b"{", False),
        (b"\xff\xfe\x00", False),
        (b"[]", False),
        (b"[" + ticket() + b"]", False),
        (b'"' + b"x" * 262_000 + b'"', False),
        (b"[" * 100_000, False),
        (DEEP, False),
        (b"\xef\xbb\xbf" + ticket(), True),
        (ticket().decode().encode("utf-16"), False),
        (ticket(reason=None), True),
        (ticket(reason="bored"), True),
        (ticket(reason=["lost"]), True),
        (ticket(colour="red"), True),
        (ticket(actions=[]), True),
        (ticket(actions=["methods", "methods"]), True),
        (ticket(actions=["everything"]), True),
        (ticket(userId=USER), True),
        (ticket(userPrincipalName=None), True),
        (ticket(userPrincipalName=None, userId="robin"), True),
        (ticket(userPrincipalName="robin"), True),
        (ticket(requestedBy=None), True),
        (ticket(requestedBy="x" * 257), True),
        (ticket(verification={"by": "kim@contoso.example"}), True),
        (ticket(verification="callback"), True),
        (ticket(ticketId=None), False),
        (ticket(ticketId=1), False),
        (ticket(ticketId=""), False),
        (ticket(ticketId="x" * 129), False),
        (ticket(ticketId="INC-1\n"), False),
        (ticket()[:-1] + b',"reason":"stolen"}', True),
        (ticket()[:-1] + b',"reason":' + b"9" * 5000 + b"}", True),
        (ticket(caseId="0" * 32), True),
    ],
)
async def test_what_is_no_ticket_is_parked_once_and_told(
    deployment: Deployment, body: bytes, *, readable: bool
) -> None:
    """The message is settled, redacted, and its sender hears of it where it can be named."""
    for _ in range(2):
        await enqueue(deployment, body)
    (kept,), _ = await deployment.parked.newest(None)
    assert (kept.reason, kept.queue, kept.told) == ("malformed-message", Queue.RESETS, True)
    assert kept.message.startswith("[redacted: ")
    assert "robin" not in kept.message + kept.detail
    (event,) = told(deployment)
    expected = {"kind": "reset", "state": "parked", "reason": "malformed-message"}
    named = {"ticketId": "INC-1"} if readable else {}
    assert event == {**expected, "parkedId": kept.parked_id, **named}
    assert deployment.broker.events[0].ticket_id == named.get("ticketId")
    assert await cases(deployment) == []


async def test_a_broker_that_is_away_loses_no_answer(deployment: Deployment) -> None:
    """What could not be told is stored, and told by the recovery timer, once."""
    deployment.broker.down = True
    await enqueue(deployment, ticket(reason="bored"))
    deployment.broker.down = False
    assert told(deployment) == []
    for _ in range(2):
        await deployment.functions[FunctionName.RECOVERY](None)
    assert [event["ticketId"] for event in told(deployment)] == ["INC-1"]
    assert await deployment.parked.untold(10) == ()


async def test_a_command_is_no_ticket(deployment: Deployment) -> None:
    """Our own messages travel on the same queue, and are told apart by what they name."""
    command = AdvanceCase(case_id=CaseId("0" * 32), queue=Queue.RESETS)
    await enqueue(deployment, encode_command(command))
    (kept,), _ = await deployment.parked.newest(None)
    assert kept.reason == "case-missing"
    await deployment.services.work_on_message(Queue.ONBOARDING, ticket(), 1)
    assert await cases(deployment) == []


@pytest.mark.parametrize(("secret", "number"), [(None, "1"), (NEXT_QUEUE_SECRET, "2")])
async def test_the_case_tells_which_secret_fitted(
    deployment: Deployment, secret: str | None, number: str
) -> None:
    """Two secrets may hold at a time, and a wrong signature beside a good one does not matter."""
    body = ticket()
    properties = proof(body) if secret is None else proof(body, secret=secret)
    properties["webhook-signature"] = f"v1,AAAA v1a,x {properties['webhook-signature']}"
    properties["webhook-timestamp"] = int(properties["webhook-timestamp"])
    await enqueue(deployment, body, properties)
    assert (await only_case(deployment)).verified_with == f"secret {number}"


async def test_a_backlog_does_not_void_a_ticket(deployment: Deployment) -> None:
    """The tolerance is between signing and enqueuing; the work may come days later."""
    deployment.clock.advance(timedelta(days=10))
    await enqueue(deployment, ticket(), proof(ticket()))
    assert await cases(deployment)


MINUTES = timedelta(minutes=1)
WRONG: list[dict[str, Any]] = [
    proof(ticket(), secret=OTHER_SECRET),
    proof(ticket(reason="stolen")),
    proof(ticket(), message_id="m-2"),
    proof(ticket(), at=SENT_AT - 6 * MINUTES),
    proof(ticket(), at=SENT_AT + 6 * MINUTES),
    proof(ticket()) | {"webhook-timestamp": "soon"},
    proof(ticket()) | {"webhook-timestamp": True},
    proof(ticket()) | {"webhook-signature": ""},
    proof(ticket()) | {"webhook-signature": "v1,ü"},
    {"webhook-id": "m-1"},
    {"webhook-signature": "v1,x"},
]


@pytest.mark.parametrize("properties", WRONG)
async def test_a_wrong_signature_is_refused_once(
    deployment: Deployment, properties: dict[str, Any]
) -> None:
    """Even where nobody has to sign; and its sender hears of it."""
    await enqueue(deployment, ticket(), properties)
    assert await cases(deployment) == []
    assert [event["reason"] for event in told(deployment)] == ["invalid-signature"]
    assert told(deployment)[0]["ticketId"] == "INC-1"


async def test_a_suspended_queue_turns_tickets_away(
    deployment: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An operator suspends what comes on the queue as any other source."""
    monkeypatch.setenv("WEBSITE_AUTH_ENABLED", "True")
    change = b'{"sources":{"queue":"suspended"}}'
    answer = await deployment.call(
        FunctionName.PUT_CONTROL, headers=principal("Approver"), body=change
    )
    assert answer.status_code == 200
    await enqueue(deployment, ticket())
    assert await cases(deployment) == []
    assert [event["reason"] for event in told(deployment)] == ["source-suspended"]


@pytest.mark.parametrize("properties", [{}, proof(ticket())], ids=["unsigned", "signed"])
async def test_a_ticket_outlasts_a_store_that_is_away(
    deployment: Deployment, properties: dict[str, Any]
) -> None:
    """It is put off by copies, later each time, that are as good as the ticket itself."""
    deployment.cases.down = True
    await enqueue(deployment, ticket(), properties)
    body, envelope = deployment.tickets.messages.pop()
    assert envelope.enqueued_at is not None
    assert envelope.enqueued_at > deployment.clock.now()
    deployment.cases.down = False
    await enqueue(
        deployment,
        body,
        {**envelope.properties, "attempt": envelope.attempt},
        message_id=envelope.message_id or "",
        enqueued_at=envelope.enqueued_at,
    )
    expected = "secret 1" if properties else "access to the queue"
    assert (await only_case(deployment)).verified_with == expected


async def test_a_ticket_is_put_off_so_often(deployment: Deployment) -> None:
    """Then the broker delivers it again, and gives it up in the end."""
    deployment.claims.down = True
    await enqueue(deployment, ticket(), {"attempt": 9})
    assert deployment.tickets.messages[0][1].attempt == 10
    with pytest.raises(StoreUnavailable):
        await enqueue(deployment, ticket(), {"attempt": 10})
