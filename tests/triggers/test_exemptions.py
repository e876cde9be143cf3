"""Exemptions over HTTP: ask for one, end one, and who may not have another."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.contracts.commands import encode_command
from shared.domain.authentication import MethodType, PerUserMfaState
from shared.domain.control import Capability, ControlEntry, Mode
from shared.domain.ids import CaseId, UserId
from shared.names import FunctionName, Queue
from tests.builders import CASE_ID, NOW, USER_ID, a_case, accepted
from tests.triggers.deployment import Deployment, assert_problem, principal, told

pytestmark = pytest.mark.usefixtures("guarded")

HELPDESK = principal("Helpdesk", "Approver", object_ids=("helpdesk-1",))
APPROVER = principal("Approver", object_ids=("approver-1",))
OTHER = UserId("1b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11")


def body(**fields: object) -> dict[str, object]:
    """What a person sends for a week's exemption."""
    asked = {
        "userId": USER_ID,
        "reason": "Broken phone",
        "endsAt": (NOW + timedelta(days=7)).isoformat(),
        "acceptUnprotected": True,
    }
    return {**asked, **fields}


async def ask(deployment: Deployment, **fields: object) -> Any:  # noqa: ANN401  (an answer)
    """The answer to somebody of the helpdesk."""
    return await deployment.call(
        FunctionName.GRANT_EXEMPTION, headers=HELPDESK, body=json.dumps(body(**fields)).encode()
    )


async def end(deployment: Deployment, case_id: str) -> Any:  # noqa: ANN401  (an answer)
    """The answer to somebody who wants it ended."""
    path = {"caseId": case_id}
    return await deployment.call(FunctionName.END_EXEMPTION, headers=HELPDESK, path=path)


async def work(deployment: Deployment) -> None:
    """Every command that was sent is delivered, whenever it is for."""
    sent, deployment.broker.commands = deployment.broker.commands, []
    for one in sent:
        message = encode_command(one.command)
        await deployment.services.work_on_message(Queue.EXEMPTIONS, message, 1)


async def in_force(deployment: Deployment) -> CaseId:
    """An exemption of an enforced person that was approved and begun."""
    for capability in Capability:
        old = await deployment.controls.entry(capability)
        await deployment.controls.replace(capability, old, ControlEntry(mode=Mode.ACT))
    if USER_ID not in deployment.directory.people:
        deployment.directory.add("robin@contoso.example", user_id=USER_ID)
        deployment.directory.register(USER_ID, MethodType.FIDO2)
    person = deployment.directory.people[USER_ID]
    deployment.directory.people[USER_ID] = replace(person, state=PerUserMfaState.ENFORCED)
    ends_at = (deployment.clock.now() + timedelta(days=25)).isoformat()
    case_id = CaseId(told(await ask(deployment, endsAt=ends_at))["caseId"])
    await work(deployment)
    waiting = told(await deployment.call(FunctionName.GET_CASE, path={"caseId": case_id}))
    assert waiting["state"] == "awaiting-approval"
    body = json.dumps({"planHash": waiting["planHash"]}).encode()
    for who, status in ((HELPDESK, 403), (APPROVER, 200)):
        answer = await deployment.call(
            FunctionName.APPROVE_CASE, headers=who, path={"caseId": case_id}, body=body
        )
        assert answer.status_code == status
    await work(deployment)
    assert deployment.directory.people[USER_ID].state is PerUserMfaState.DISABLED
    return case_id


async def test_one_is_asked_for(deployment: Deployment) -> None:
    """It is a case with a plan, a deadline and a warning, and a command to take it up."""
    answer = await ask(deployment, userId=USER_ID.upper())
    assert answer.status_code == 202
    case_id = told(answer)["caseId"]
    assert told(answer)["statusUrl"].endswith(f"/api/cases/{case_id}")
    path = {"caseId": case_id}
    case = told(await deployment.call(FunctionName.GET_CASE, path=path))
    assert (case["kind"], case["userId"], case["state"]) == ("exemption", USER_ID, "accepted")
    assert {name: value for name, value in case["plan"].items() if value is not None} == {
        "reason": "Broken phone",
        "endsAt": "2026-03-09T08:00:00Z",
        "acceptUnprotected": True,
    }
    assert case["deadline"] == "2026-03-09T08:00:00Z"
    assert "legacy protocols" in case["warnings"][0]
    assert case["steps"][0]["detail"] == "Asked for by helpdesk-1."
    (sent,) = deployment.broker.commands
    assert (sent.command.case_id, sent.command.queue) == (case_id, Queue.EXEMPTIONS)


@pytest.mark.parametrize(
    "fields",
    [
        {"userId": "robin@contoso.example"},
        {"userId": f"{USER_ID}\n"},
        {"reason": ""},
        {"reason": "x" * 501},
        {"endsAt": "2026-03-09T08:00:00"},
        {"endsAt": (NOW - timedelta(seconds=1)).isoformat()},
        {"endsAt": (NOW + timedelta(days=31)).isoformat()},
        {"endsAt": "9999-12-31T23:59:59-12:00"},
        {"endsAt": "0001-01-01T00:00:00+12:00"},
        {"acceptUnprotected": "yes"},
        {"forever": True},
    ],
)
async def test_what_is_no_request_is_refused(
    deployment: Deployment, fields: dict[str, object]
) -> None:
    """The detail names the field; nothing is kept."""
    answer = await ask(deployment, **fields)
    assert assert_problem(answer, 400)["code"] == "invalid-request"
    assert "robin" not in answer.get_body().decode()
    assert deployment.broker.commands == []
    assert told(await ask(deployment))["state"] == "accepted"


async def test_a_second_one_is_refused_and_told_of_the_first(deployment: Deployment) -> None:
    """A person has one at a time; others may have theirs."""
    first = told(await ask(deployment))["caseId"]
    second = await ask(deployment)
    assert first in assert_problem(second, 409)["detail"]
    assert told(second)["code"] == "exemption-live"
    assert (await ask(deployment, userId=OTHER)).status_code == 202


async def test_of_many_at_once_one_is_granted(deployment: Deployment) -> None:
    """However they interleave, there is one case."""
    answers = await asyncio.gather(*(ask(deployment) for _ in range(10)))
    assert sorted(answer.status_code for answer in answers) == [202] + 9 * [409]


async def test_one_that_a_crash_left_out_is_made_by_the_next_request(
    deployment: Deployment,
) -> None:
    """The record named a case and the store went away; nobody is locked out by that."""
    deployment.cases.down = True
    assert_problem(await ask(deployment), 503)
    deployment.cases.down = False
    granted = (await deployment.exemptions.of(USER_ID)).case_id
    assert granted is not None
    assert told(await ask(deployment))["caseId"] == granted
    assert_problem(await ask(deployment), 409)


async def test_one_that_is_over_leaves_room_and_counts(deployment: Deployment) -> None:
    """After its end another may be asked for; what was spent of the year's days is counted."""
    long = {"endsAt": (NOW + timedelta(days=78)).isoformat()}
    for days in (25, 25):
        case_id = await in_force(deployment)
        deployment.clock.advance(timedelta(days=days))
        await work(deployment)
        case = told(await deployment.call(FunctionName.GET_CASE, path={"caseId": case_id}))
        assert case["state"] == "ended"
    answer = await ask(deployment, **long)
    assert assert_problem(answer, 409)["code"] == "exemption-limit-reached"
    short = {"endsAt": (NOW + timedelta(days=58)).isoformat()}
    assert (await ask(deployment, **short)).status_code == 202


async def test_one_that_changed_nothing_is_cancelled(deployment: Deployment) -> None:
    """Ending it before it began is calling it off; a second time there is nothing to end."""
    case_id = told(await ask(deployment))["caseId"]
    answer = await end(deployment, case_id)
    assert (answer.status_code, told(answer)["state"]) == (202, "cancelled")
    assert assert_problem(await end(deployment, case_id), 409)["code"] == "illegal-transition"


async def test_one_in_force_is_ended_by_its_worker(deployment: Deployment) -> None:
    """Its end is brought forward, and cancelling it is not the way."""
    case_id = await in_force(deployment)
    path = {"caseId": case_id}
    cancelled = await deployment.call(FunctionName.CANCEL_CASE, headers=HELPDESK, path=path)
    assert "DELETE" in assert_problem(cancelled, 409)["detail"]
    answer = await end(deployment, case_id)
    assert (answer.status_code, told(answer)["state"]) == (202, "active")
    case = told(await deployment.call(FunctionName.GET_CASE, path=path))
    assert case["plan"]["endsAt"] == "2026-03-02T08:00:00Z"
    assert case["steps"][-1]["action"] == "end-now"
    await work(deployment)
    assert deployment.directory.people[USER_ID].state is PerUserMfaState.ENFORCED


@pytest.mark.parametrize("name", [FunctionName.PUT_EXCLUSION, FunctionName.PUT_PROTECTED])
async def test_nobody_is_put_on_a_list_while_exempt(
    deployment: Deployment, name: FunctionName
) -> None:
    """One person's word would keep MFA from being put back; once that is done it is taken."""
    entry = {"owner": "Identity team", "reason": "A drill."}
    until = (deployment.clock.now() + timedelta(days=60)).isoformat()

    async def put(user: str) -> Any:  # noqa: ANN401  (an answer)
        return await deployment.call(
            name,
            headers=principal("Admin"),
            path={"userId": user},
            body=json.dumps({**entry, "expiresAt": until}).encode(),
        )

    case_id = await in_force(deployment)
    for spelt in (USER_ID, USER_ID.upper()):
        refused = await put(spelt)
        assert case_id in assert_problem(refused, 409)["detail"]
        assert told(refused)["code"] == "exemption-live"
    assert (await put(OTHER)).status_code == 200
    assert (await put(OTHER)).status_code == 200
    await end(deployment, case_id)
    await work(deployment)
    assert deployment.directory.people[USER_ID].state is PerUserMfaState.ENFORCED
    assert (await put(USER_ID)).status_code == 200


async def test_an_older_entry_may_be_stated_anew(deployment: Deployment) -> None:
    """It refuses the exemption, whose request changes nothing about the entry."""
    path, headers = {"userId": USER_ID}, principal("Admin")
    for days in (3, 4):
        until = (deployment.clock.now() + timedelta(days=days)).isoformat()
        body = json.dumps({"owner": "Us", "reason": "A drill.", "expiresAt": until}).encode()
        answer = await deployment.call(
            FunctionName.PUT_EXCLUSION, headers=headers, path=path, body=body
        )
        assert answer.status_code == 200
        await ask(deployment)


async def test_only_exemptions_end_so(deployment: Deployment) -> None:
    """Cases of other kinds, and what is no id, are not found."""
    await deployment.cases.create(accepted(a_case()))
    for case_id in (CASE_ID, "f" * 32, "x", ""):
        assert assert_problem(await end(deployment, case_id), 404)["code"] == "not-found"
