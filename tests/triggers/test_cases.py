"""Cases over HTTP: read, list, cancel; parked ones: list, replay."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pytest

from shared.application.ports.parked import Parked
from shared.domain.approvals import ask
from shared.domain.cases import CaseState
from shared.domain.ids import CaseId
from shared.domain.people.rulings import Impact
from shared.domain.schedules import Rules
from shared.names import FunctionName, Queue
from tests.builders import NOW, USER_ID, a_case, accepted
from tests.fakes.cases import FakeCases
from tests.fakes.parked import FakeParkedMessages
from tests.triggers.deployment import Deployment, assert_problem, principal, told

pytestmark = pytest.mark.usefixtures("guarded")

READER, HELPDESK, ADMIN = (principal(role) for role in ("Reader", "Helpdesk", "Admin"))
APPROVERS = tuple(principal("Approver", object_ids=(f"bbbb-{number}",)) for number in range(2))
IDS = tuple(CaseId(f"{number:032x}") for number in range(5))
NOT_IDS = ("", "x", "0" * 31, "0" * 33, "\uff10" * 32, f"{{{'1' * 32}}}", "a/b", "\x00", "é" * 9999)


async def filled(page: int = 2) -> Deployment:
    """Five cases: three accepted, two waiting for registration, of one person."""
    deployment = Deployment(cases=FakeCases(page=page), parked=FakeParkedMessages(page=page))
    for number, case_id in enumerate(IDS):
        state = CaseState.ACCEPTED if number < 3 else CaseState.WAITING_REGISTRATION
        await deployment.cases.create(accepted(a_case(state, case_id=case_id)))
    return deployment


async def listed(deployment: Deployment, **query: str) -> list[str]:
    """The cases of all pages, following the links."""
    found: list[str] = []
    while True:
        answer = await deployment.call(FunctionName.LIST_CASES, headers=READER, query=query)
        assert answer.status_code == 200
        page = told(answer)
        found.extend(line["caseId"] for line in page["value"])
        if page["nextLink"] is None:
            return found
        link = urlsplit(page["nextLink"])
        assert link.path == "/api/cases"
        query = {name: values[0] for name, values in parse_qs(link.query).items()}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({}, IDS),
        ({"kind": "onboarding"}, IDS),
        ({"state": "accepted"}, IDS[:3]),
        ({"state": "completed"}, ()),
        ({"user": USER_ID}, IDS[3:]),
        ({"user": USER_ID.upper()}, IDS[3:]),
        ({"user": USER_ID, "state": "waiting-registration"}, IDS[3:]),
        ({"user": USER_ID, "state": "accepted"}, ()),
    ],
)
async def test_lists_are_filtered_and_paged(
    query: dict[str, str], expected: tuple[str, ...]
) -> None:
    """Every page keeps the filters, and all pages together hold each case once."""
    assert sorted(await listed(await filled(), **query)) == sorted(expected)


@pytest.mark.parametrize(
    "query",
    [
        {"user": "robin@contoso.example"},
        {"user": USER_ID.replace("-", "")},
        {"user": "0x" + USER_ID[2:]},
        {"kind": "transfer"},
        {"state": "asleep"},
        {"state": "accepted", "token": "'; drop"},
    ],
)
async def test_a_filter_that_can_not_be_is_refused(query: dict[str, str]) -> None:
    """A wrong filter is the caller's mistake, told without repeating a person's name."""
    answer = await (await filled()).call(FunctionName.LIST_CASES, headers=READER, query=query)
    assert assert_problem(answer, 400)["code"] == "invalid-request"
    assert "robin" not in answer.get_body().decode()


async def test_a_link_repeats_no_key() -> None:
    """What else the caller put into the address does not come back."""
    query = {"code": "key-of-the-caller", "kind": "onboarding"}
    answer = await (await filled()).call(FunctionName.LIST_CASES, headers=READER, query=query)
    assert "key-of-the-caller" not in told(answer)["nextLink"]
    assert "kind=onboarding" in told(answer)["nextLink"]


@pytest.mark.parametrize("case_id", NOT_IDS)
async def test_what_is_no_id_is_not_found(deployment: Deployment, case_id: str) -> None:
    """Nothing is asked of the store that can't be there."""
    deployment.cases.down = deployment.parked.down = True
    path = {"caseId": case_id, "parkedId": case_id}
    for name in (FunctionName.GET_CASE, FunctionName.CANCEL_CASE, FunctionName.REPLAY_PARKED):
        who = ADMIN if name is FunctionName.REPLAY_PARKED else HELPDESK
        answer = await deployment.call(name, headers=who, path=path)
        assert assert_problem(answer, 404)["code"] == "not-found"


async def test_a_case_is_cancelled_once() -> None:
    """The case tells who asked; a second time there is nothing to cancel."""
    deployment, path = await filled(), {"caseId": IDS[0]}
    answer = await deployment.call(FunctionName.CANCEL_CASE, headers=HELPDESK, path=path)
    assert (answer.status_code, told(answer)["state"]) == (200, "cancelled")
    assert told(answer)["steps"][-1]["detail"] == "Asked for by aaaa-1. Nothing was changed."
    again = await deployment.call(FunctionName.CANCEL_CASE, headers=HELPDESK, path=path)
    assert assert_problem(again, 409)["code"] == "illegal-transition"


async def test_a_case_is_approved_once_and_by_nobody_twice() -> None:
    """Of two approvers at once one approves, and the other hears that it was done."""
    deployment, path = await filled(), {"caseId": IDS[0]}
    stored = await deployment.cases.load(CaseId(IDS[0]))
    assert stored is not None
    overdue = replace(stored.case, state=CaseState.OVERDUE)
    asking = ask(overdue, Impact.ENFORCE_UNREGISTERED, Rules(), NOW, why="A test needs it.")
    await deployment.cases.save(stored, asking)
    waiting = told(await deployment.call(FunctionName.GET_CASE, path=path))
    assert waiting["state"] == "awaiting-approval"
    body = json.dumps({"planHash": waiting["planHash"]}).encode()
    stale = json.dumps({"planHash": "0" * 64}).encode()
    refused = await deployment.call(
        FunctionName.APPROVE_CASE, headers=APPROVERS[0], path=path, body=stale
    )
    assert assert_problem(refused, 409)["code"] == "plan-changed"
    answers = await asyncio.gather(
        *(
            deployment.call(FunctionName.APPROVE_CASE, headers=who, path=path, body=body)
            for who in APPROVERS
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 409]
    approved, late = sorted(answers, key=lambda answer: answer.status_code)
    assert told(approved)["state"] == "overdue"
    assert "approved already" in assert_problem(late, 409)["detail"]


async def test_a_store_that_is_down_is_503(deployment: Deployment) -> None:
    """It is ours to mend, and to be tried again."""
    deployment.cases.down = True
    answer = await deployment.call(FunctionName.GET_CASE, path={"caseId": IDS[0]})
    assert assert_problem(answer, 503)["code"] == "store-unavailable"
    assert int(answer.headers["Retry-After"]) > 0


def parked(number: int, case_id: CaseId | None) -> Parked:
    """Something parked."""
    return Parked(
        parked_id=f"{number:032x}",
        queue=Queue.ONBOARDING,
        reason="permission-missing",
        detail="Graph said no.",
        attempts=1,
        message="{}",
        case_id=case_id,
        at=NOW + timedelta(minutes=number),
    )


async def test_parked_ones_are_listed_newest_first() -> None:
    """All pages together hold each one once."""
    deployment = await filled(page=2)
    for number in range(3):
        await deployment.parked.add(parked(number, None))
    first = await deployment.call(FunctionName.LIST_PARKED, headers=ADMIN)
    token = parse_qs(urlsplit(told(first)["nextLink"]).query)["token"][0]
    second = await deployment.call(FunctionName.LIST_PARKED, headers=ADMIN, query={"token": token})
    ids = [line["id"] for page in (first, second) for line in told(page)["value"]]
    assert ids == [f"{number:032x}" for number in (2, 1, 0)]
    assert told(second)["nextLink"] is None


async def test_a_parked_case_is_replayed() -> None:
    """It goes back to where it was, with a command to take it up, and leaves the list."""
    deployment = Deployment()
    case = replace(a_case(CaseState.PARKED, case_id=IDS[0]), parked_from=CaseState.ACCEPTED)
    await deployment.cases.create(accepted(case))
    await deployment.parked.add(parked(1, IDS[0]))
    path = {"parkedId": f"{1:032x}"}
    answer = await deployment.call(FunctionName.REPLAY_PARKED, headers=ADMIN, path=path)
    assert (answer.status_code, told(answer)) == (202, {"caseId": IDS[0]})
    assert [sent.command.case_id for sent in deployment.broker.commands] == [IDS[0]]
    again = await deployment.call(FunctionName.REPLAY_PARKED, headers=ADMIN, path=path)
    assert_problem(again, 404)


@pytest.mark.parametrize("case_id", [None, CaseId("f" * 32)])
async def test_what_belongs_to_no_case_is_not_replayed(
    deployment: Deployment, case_id: CaseId | None
) -> None:
    """A message that was kept only in redacted form has to be sent again."""
    await deployment.parked.add(parked(1, case_id))
    answer = await deployment.call(
        FunctionName.REPLAY_PARKED, headers=ADMIN, path={"parkedId": f"{1:032x}"}
    )
    assert assert_problem(answer, 409)["code"] == "not-replayable"


async def test_a_case_that_has_moved_on_is_not_replayed() -> None:
    """Its parked message is out of date."""
    deployment = await filled()
    await deployment.parked.add(parked(1, IDS[0]))
    answer = await deployment.call(
        FunctionName.REPLAY_PARKED, headers=ADMIN, path={"parkedId": f"{1:032x}"}
    )
    assert assert_problem(answer, 409)["code"] == "illegal-transition"
