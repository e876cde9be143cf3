"""Sources with a mapping, several people in one webhook, and a daily volume."""

import asyncio
import hmac
import json
import logging
from datetime import timedelta
from typing import Any

import azure.functions as func
import pytest

from shared.domain.cases import EventType
from shared.domain.ids import CaseId
from shared.domain.plans import OnboardingPlan
from shared.names import FunctionName
from tests.triggers.deployment import (
    CROWD_LIMIT,
    CROWD_SECRET,
    OTHER_SECRET,
    SECRET,
    Deployment,
    assert_problem,
    signed,
    told,
)


def person(number: int, **changes: object) -> dict[str, object]:
    """A record of somebody who joins."""
    return {
        "what": "IN",
        "number": number,
        "login": f"person-{number}@contoso.example",
        "phone": "not mapped",
    } | changes


async def post(app: Deployment, *people: dict[str, object]) -> func.HttpResponse:
    """The answer to a webhook of the source `crowd`."""
    body = json.dumps({"people": people}).encode()
    signature = hmac.digest(CROWD_SECRET.encode(), body, "sha256").hex()
    return await app.call(
        FunctionName.ONBOARDING_WEBHOOK,
        headers={"X-Hub-Signature-256": f"sha256={signature}"},
        path={"source": "crowd"},
        body=body,
    )


async def names_of(app: Deployment, *case_ids: str) -> list[str]:
    """Whom the cases are about."""
    found: list[str] = []
    for case_id in case_ids:
        stored = await app.cases.load(CaseId(case_id))
        assert stored is not None
        assert isinstance(stored.case.plan, OnboardingPlan)
        found.append(stored.case.plan.user_principal_name or "")
    return found


def counted(app: Deployment) -> int:
    """How many events were counted in all."""
    return sum(app.volumes.counts.values())


async def test_one_event_is_answered_as_ever(deployment: Deployment) -> None:
    """A vendor's body with one event of ours has the answer of a canonical event."""
    answer = await post(deployment, person(1), {"what": "MOVED"})
    assert answer.status_code == 202
    document: dict[str, Any] = told(answer)
    assert document.keys() == {"caseId", "state", "statusUrl"}
    assert await names_of(deployment, document["caseId"]) == ["person-1@contoso.example"]


@pytest.mark.parametrize(("word", "rehire"), [("IN", False), ("BACK", True)])
async def test_a_rehire_is_told_from_a_joiner(
    deployment: Deployment, word: str, *, rehire: bool
) -> None:
    """Somebody who worked here before has another plan, whatever the vendor calls it."""
    answer = told(await post(deployment, person(1, what=word)))
    stored = await deployment.cases.load(CaseId(answer["caseId"]))
    assert stored is not None
    assert isinstance(stored.case.plan, OnboardingPlan)
    assert stored.case.plan.rehire is rehire


async def test_each_of_several_people_has_a_case(deployment: Deployment) -> None:
    """The answer names them in the body's order; sent again, they are the same."""
    people = [person(1), person(2), person(3)]
    first = told(await post(deployment, *people))
    assert first.keys() == {"state", "value"}
    assert first["state"] == "accepted"
    ids = [one["caseId"] for one in first["value"]]
    assert await names_of(deployment, *ids) == [one["login"] for one in people]
    assert len(deployment.broker.commands) == 3
    assert told(await post(deployment, *people)) == first
    assert len(deployment.broker.commands) == 3


async def test_what_is_none_of_ours_leaves_no_trace(deployment: Deployment) -> None:
    """A vendor's other events are acknowledged, and nothing is stored or sent."""
    for people in ((), ({"what": "MOVED"},)):
        answer = await post(deployment, *people)
        assert (answer.status_code, told(answer)) == (202, {"state": "ignored"})
    assert deployment.claims.claims == {}
    assert counted(deployment) == 0
    assert deployment.broker.commands == []


async def test_one_wrong_record_leaves_no_trace_of_the_others(deployment: Deployment) -> None:
    """A body is checked as a whole before anything of it is stored."""
    answer = await post(deployment, person(1), person(2, login="x@fabrikam.example"))
    assert_problem(answer, 400)
    assert deployment.claims.claims == {}
    assert deployment.broker.commands == []


async def test_one_conflict_does_not_hold_up_the_others(deployment: Deployment) -> None:
    """What can be stored is stored, and the request is refused for the rest."""
    await post(deployment, person(1))
    answer = await post(deployment, person(1, login="other@contoso.example"), person(2))
    assert assert_problem(answer, 409)["code"] == "idempotency-conflict"
    known = told(await post(deployment, person(2)))
    assert await names_of(deployment, known["caseId"]) == ["person-2@contoso.example"]
    assert len(deployment.broker.commands) == 2


async def test_a_contradiction_is_told_once_by_the_case(deployment: Deployment) -> None:
    """The first case warns of it, however often it comes, and nothing else of it changes."""
    known = told(await post(deployment, person(1)))
    before = await deployment.cases.load(CaseId(known["caseId"]))
    for login in ("other@contoso.example", "third@contoso.example"):
        assert_problem(await post(deployment, person(1, login=login)), 409)
    after = await deployment.cases.load(CaseId(known["caseId"]))
    assert before is not None
    assert after is not None
    assert [event.type for event in after.events] == [EventType.ACCEPTED, EventType.CONTRADICTED]
    assert after.events[-1].reason == "idempotency-conflict"
    assert after.case.plan == before.case.plan
    assert len(after.case.warnings) == 1


async def test_a_day_has_so_many_new_events(
    deployment: Deployment, caplog: pytest.LogCaptureFixture
) -> None:
    """The next one is a 429 until midnight, and an operator sees the source in the log."""
    for number in range(CROWD_LIMIT):
        assert (await post(deployment, person(number))).status_code == 202
    with caplog.at_level(logging.WARNING):
        answer = await post(deployment, person(99))
    assert assert_problem(answer, 429)["code"] == "volume-exceeded"
    now = deployment.clock.now()
    seconds = int(answer.headers["Retry-After"])
    assert (now + timedelta(seconds=seconds)).date() == (now + timedelta(days=1)).date()
    assert (now + timedelta(seconds=seconds - 1)).date() == now.date()
    assert f"source.volume.exceeded source=crowd limit={CROWD_LIMIT}" in caplog.text
    assert len(deployment.broker.commands) == CROWD_LIMIT


async def test_known_events_do_not_count(deployment: Deployment) -> None:
    """A sender that repeats itself uses nothing up, before and after the limit."""
    for _ in range(3):
        for number in range(CROWD_LIMIT):
            assert (await post(deployment, person(number))).status_code == 202
    assert counted(deployment) == CROWD_LIMIT


async def test_nothing_that_was_refused_is_lost(deployment: Deployment) -> None:
    """Of a body over the limit the first are taken; sent again the next day, all of them are."""
    people = [person(number) for number in range(CROWD_LIMIT + 2)]
    assert_problem(await post(deployment, *people), 429)
    assert len(deployment.broker.commands) == CROWD_LIMIT
    assert_problem(await post(deployment, *people), 429)
    assert len(deployment.broker.commands) == CROWD_LIMIT
    deployment.clock.advance(timedelta(days=1))
    taken = told(await post(deployment, *people))["value"]
    assert await names_of(deployment, *(one["caseId"] for one in taken)) == [
        one["login"] for one in people
    ]
    assert len(deployment.broker.commands) == CROWD_LIMIT + 2


async def test_events_side_by_side_share_the_day(deployment: Deployment) -> None:
    """Webhooks that come at once get in up to the limit and no further."""
    answers = await asyncio.gather(*(post(deployment, person(number)) for number in range(8)))
    statuses = sorted(answer.status_code for answer in answers)
    assert statuses == [202] * CROWD_LIMIT + [429] * (8 - CROWD_LIMIT)


async def test_a_store_that_can_not_count_takes_nothing(deployment: Deployment) -> None:
    """What could not be counted is not acknowledged, and taken when it is sent again."""
    deployment.volumes.down = True
    assert_problem(await post(deployment, person(1)), 503)
    assert deployment.broker.commands == []
    deployment.volumes.down = False
    assert (await post(deployment, person(1))).status_code == 202


async def test_what_two_sources_say_is_said_twice(deployment: Deployment) -> None:
    """The same words of another source are a case of its own, which that source may read."""
    event = {"type": "joiner", "userPrincipalName": "robin@contoso.example"}
    body = json.dumps({**event, "id": "1", "startDate": "2026-03-09"}).encode()
    cases = []
    for source, secret in (("demo", SECRET), ("other", OTHER_SECRET)):
        answer = await deployment.call(
            FunctionName.ONBOARDING_WEBHOOK,
            headers=signed(body, secret=secret),
            path={"source": source},
            body=body,
        )
        assert answer.status_code == 202
        cases.append(told(answer)["caseId"])
    assert len(set(cases)) == len(cases)
