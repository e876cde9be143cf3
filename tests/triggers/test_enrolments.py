"""Enrolments over HTTP: what people may send, what they are told, and what it changes."""

import contextlib
import json
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

import azure.functions as func
import pytest
from azure.functions.servicebus import ServiceBusMessage
from hypothesis import given
from hypothesis import strategies as st

from shared.contracts.commands import encode_command
from shared.contracts.enrolment_request import decode_enrolment
from shared.domain.authentication import PerUserMfaState
from shared.domain.errors.requests import BodyTooLarge, InvalidRequest
from shared.domain.ids import GroupId
from shared.names import FunctionName
from tests.triggers.deployment import Deployment, assert_problem, principal, told

ADMIN: Final = principal("Admin")
GROUP: Final = "11111111-2222-4333-8444-555555555555"
pytestmark = pytest.mark.usefixtures("guarded")


async def ask(deployment: Deployment, **asked: object) -> func.HttpResponse:
    """Ask for an enrolment."""
    body = json.dumps(asked).encode()
    return await deployment.call(FunctionName.REQUEST_ENROLMENT, headers=ADMIN, body=body)


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


async def read(deployment: Deployment, case_id: str) -> Any:  # noqa: ANN401  (any JSON)
    """The case, as it is shown."""
    return told(await deployment.call(FunctionName.GET_CASE, path={"caseId": case_id}))


async def confirm(deployment: Deployment, case_id: str, plan_hash: str) -> func.HttpResponse:
    """Confirm a plan."""
    return await deployment.call(
        FunctionName.CONFIRM_CASE,
        headers=ADMIN,
        path={"caseId": case_id},
        body=json.dumps({"planHash": plan_hash}).encode(),
    )


async def people(deployment: Deployment, case_id: str) -> list[Any]:
    """Everybody on the list, page by page."""
    found: list[Any] = []
    query: dict[str, str] = {}
    while True:
        page = told(
            await deployment.call(
                FunctionName.LIST_ENROLLED, headers=ADMIN, path={"caseId": case_id}, query=query
            )
        )
        found += page["value"]
        if page["nextLink"] is None:
            return found
        query = {"token": parse_qs(urlsplit(page["nextLink"]).query)["token"][0]}


async def test_a_plan_is_asked_for_shown_and_confirmed(deployment: Deployment) -> None:
    """202 with an address at once; the plan in the case; cases only after the confirmation."""
    plain = deployment.directory.add("robin@contoso.example")
    guest = deployment.directory.add("kim#EXT#@contoso.example", guest=True)
    answer = await ask(
        deployment, users=["Robin@contoso.example", guest, plain, "nobody@contoso.example"]
    )
    assert answer.status_code == 202
    accepted = told(answer)
    assert accepted["state"] == "accepted"
    assert answer.headers["Location"] == accepted["statusUrl"]
    assert accepted["statusUrl"].endswith(f"/api/cases/{accepted['caseId']}")
    assert deployment.directory.writes == []
    await work(deployment)
    case = await read(deployment, accepted["caseId"])
    assert case["state"] == "awaiting-confirmation"
    assert case["plan"]["people"] == 4
    assert case["plan"]["findings"] == {
        "enrol": 1,
        "guest-account": 1,
        "not-found": 1,
        "repeated": 1,
    }
    assert "robin" not in json.dumps(case).casefold()
    assert (await confirm(deployment, accepted["caseId"], case["planHash"])).status_code == 200
    await work(deployment)
    listed = await people(deployment, accepted["caseId"])
    assert [one["userId"] for one in listed] == [plain, guest, plain, None]
    assert [one["planned"]["finding"] for one in listed] == [
        "enrol",
        "refused",
        "repeated",
        "not-found",
    ]
    assert [one["caseId"] is not None for one in listed] == [True, False, False, False]
    assert (await read(deployment, accepted["caseId"]))["state"] == "completed"
    theirs = await read(deployment, listed[0]["caseId"])
    assert (theirs["kind"], theirs["userId"]) == ("onboarding", plain)
    assert "contoso.example" not in json.dumps(listed)


async def test_a_group_is_planned_by_its_members(deployment: Deployment) -> None:
    """Whoever belongs to it, and who is enforced already is only counted."""
    directory, group = deployment.directory, GroupId(GROUP)
    directory.members[group] = {directory.add("robin@contoso.example")}
    enforced = directory.add("kim@contoso.example")
    directory.people[enforced] = directory.people[enforced].__class__(
        account=directory.people[enforced].account,
        name=directory.people[enforced].name,
        state=PerUserMfaState.ENFORCED,
    )
    directory.members[group].add(enforced)
    case_id = told(await ask(deployment, groupId=GROUP.upper()))["caseId"]
    await work(deployment)
    case = await read(deployment, case_id)
    assert case["plan"]["groupId"] == GROUP
    assert case["plan"]["findings"] == {"already-enforced": 1, "enrol": 1}


async def test_a_group_that_can_not_be_read_waits_for_a_human(deployment: Deployment) -> None:
    """It is parked, and never taken for a group of nobody."""
    deployment.directory.unusable[GroupId(GROUP)] = "It hides its members."
    case_id = told(await ask(deployment, groupId=GROUP))["caseId"]
    await work(deployment)
    case = await read(deployment, case_id)
    assert case["state"] == "parked"
    assert case["steps"][-1]["detail"] == "It hides its members."


async def test_nobody_to_enrol_is_the_end(deployment: Deployment) -> None:
    """There is nothing to confirm."""
    case_id = told(await ask(deployment, users=["nobody@contoso.example"]))["caseId"]
    await work(deployment)
    case = await read(deployment, case_id)
    assert case["state"] == "completed"
    assert_problem(await confirm(deployment, case_id, case["planHash"]), 409)


async def test_a_confirmation_of_another_plan_is_a_conflict(deployment: Deployment) -> None:
    """409 plan-changed, and nothing begins; a second confirmation is told that it is one."""
    deployment.directory.add("robin@contoso.example")
    case_id = told(await ask(deployment, users=["robin@contoso.example"]))["caseId"]
    before = (await read(deployment, case_id))["planHash"]
    early = assert_problem(await confirm(deployment, case_id, before), 409)
    assert early["code"] == "illegal-transition"
    await work(deployment)
    stale = assert_problem(await confirm(deployment, case_id, before), 409)
    assert stale["code"] == "plan-changed"
    case = await read(deployment, case_id)
    assert case["state"] == "awaiting-confirmation"
    assert (await confirm(deployment, case_id, case["planHash"])).status_code == 200
    again = assert_problem(await confirm(deployment, case_id, case["planHash"]), 409)
    assert again["code"] == "illegal-transition"


async def test_the_same_id_is_the_same_enrolment(deployment: Deployment) -> None:
    """Sent again it is the same case, with other content a conflict; without an id it is new."""
    first = told(await ask(deployment, id="autumn", users=["robin@contoso.example"]))
    again = told(await ask(deployment, id="autumn", users=["ROBIN@contoso.example"]))
    assert again["caseId"] == first["caseId"]
    other = assert_problem(await ask(deployment, id="autumn", users=["kim@contoso.example"]), 409)
    assert other["code"] == "idempotency-conflict"
    cases = {
        told(await ask(deployment, users=["robin@contoso.example"]))["caseId"] for _ in range(2)
    }
    assert len({first["caseId"], *cases}) == 3


async def test_a_deadline_leaves_time_to_register(deployment: Deployment) -> None:
    """Neither sooner than the shortest grace, nor half a year away."""
    for enforce_by in ("2026-03-05T07:59:59Z", "2026-12-24T00:00:00Z", "1999-01-01T00:00:00Z"):
        answer = await ask(deployment, users=["robin@contoso.example"], enforceBy=enforce_by)
        assert assert_problem(answer, 400)["code"] == "invalid-request"
    for enforce_by in ("2026-03-05T08:00:00Z", "2026-08-01T00:00:00+02:00"):
        answer = await ask(deployment, users=["robin@contoso.example"], enforceBy=enforce_by)
        assert answer.status_code == 202


async def test_an_enrolment_is_cancelled_like_any_case(deployment: Deployment) -> None:
    """Before its confirmation nothing was changed, and it says so."""
    deployment.directory.add("robin@contoso.example")
    case_id = told(await ask(deployment, users=["robin@contoso.example"]))["caseId"]
    await work(deployment)
    answer = await deployment.call(
        FunctionName.CANCEL_CASE, headers=principal("Helpdesk"), path={"caseId": case_id}
    )
    assert told(answer)["state"] == "cancelled"
    assert "Nothing was changed." in told(answer)["steps"][-1]["detail"]


@pytest.mark.parametrize("token", ["-1", "a", "٣", "999999", ""])
async def test_a_token_that_is_none_of_ours_is_refused(deployment: Deployment, token: str) -> None:
    """Pages are asked for with the links that we give."""
    case_id = told(await ask(deployment, users=["robin@contoso.example"]))["caseId"]
    answer = await deployment.call(
        FunctionName.LIST_ENROLLED,
        headers=ADMIN,
        path={"caseId": case_id},
        query={"token": token},
    )
    assert assert_problem(answer, 400)["code"] == "invalid-request"


async def test_a_long_list_is_shown_page_by_page(deployment: Deployment) -> None:
    """Everybody once, in the order of the list."""
    names = [f"person{number}@contoso.example" for number in range(451)]
    case_id = told(await ask(deployment, users=names))["caseId"]
    assert [one["position"] for one in await people(deployment, case_id)] == list(range(1, 452))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"[]",
        b"{}",
        b'{"users":[]}',
        b'{"users":["robin@contoso.example"],"groupId":"%s"}' % GROUP.encode(),
        b'{"users":["robin"]}',
        b'{"users":["ro bin@contoso.example"]}',
        b'{"users":["robin@contoso.example\\n"]}',
        b'{"users":["%s@contoso.example"]}' % (b"a" * 256),
        b'{"users":"robin@contoso.example"}',
        b'{"users":[1]}',
        b'{"groupId":"robin"}',
        b'{"groupId":"%s\\n"}' % GROUP.encode(),
        b'{"users":["robin@contoso.example"],"enforceBy":"2026-04-01"}',
        b'{"users":["robin@contoso.example"],"enforceBy":"2026-04-01T00:00:00"}',
        b'{"users":["robin@contoso.example"],"dryRun":true}',
        b'{"users":["robin@contoso.example"],"id":""}',
        b'{"users":["robin@contoso.example"],"id":"a b"}',
    ],
)
def test_what_is_no_enrolment_is_refused(body: bytes) -> None:
    """The body is decoded strictly; what is refused is not repeated."""
    with pytest.raises(InvalidRequest) as refused:
        decode_enrolment(body)
    assert "robin" not in refused.value.detail


def test_a_body_over_256_kib_is_refused() -> None:
    """One byte more is too large, whatever it holds."""
    body = b'{"users":["robin@contoso.example"]}'
    assert decode_enrolment(body + b" " * (256 * 1024 - len(body))).group is None
    with pytest.raises(BodyTooLarge):
        decode_enrolment(body + b" " * (256 * 1024 - len(body) + 1))


@given(st.binary(max_size=200))
def test_no_body_is_an_unforeseen_error(body: bytes) -> None:
    """Whatever the bytes, they are an enrolment or a problem that we know."""
    with contextlib.suppress(InvalidRequest):
        decode_enrolment(body)
