"""Who may call what: every route, every role, and nothing that the table does not name."""

import base64
import json
from datetime import timedelta
from typing import Final

import pytest

from functions.access import Role
from shared.names import FunctionName
from tests.builders import CASE_ID, NOW, USER_ID
from tests.triggers.deployment import Deployment, assert_problem, principal

MACHINES: Final = {
    FunctionName.ONBOARDING_WEBHOOK,
    FunctionName.RESETS_WEBHOOK,
    FunctionName.GET_CASE,
    FunctionName.HEALTH,
    FunctionName.OPENAPI,
}
PEOPLE: Final = {
    FunctionName.LIST_CASES: set(Role),
    FunctionName.CANCEL_CASE: {Role.HELPDESK},
    FunctionName.APPROVE_CASE: {Role.APPROVER},
    FunctionName.CONFIRM_CASE: {Role.ADMIN, Role.HELPDESK},
    FunctionName.REQUEST_ENROLMENT: {Role.ADMIN},
    FunctionName.LIST_ENROLLED: {Role.ADMIN},
    FunctionName.COLLECT_PASS: {Role.HELPDESK},
    FunctionName.GRANT_EXEMPTION: {Role.HELPDESK},
    FunctionName.END_EXEMPTION: {Role.HELPDESK},
    FunctionName.GET_CONTROL: set(Role),
    FunctionName.PUT_CONTROL: {Role.APPROVER, Role.ADMIN},
    FunctionName.LIST_PARKED: {Role.ADMIN},
    FunctionName.REPLAY_PARKED: {Role.ADMIN},
    FunctionName.LIST_PROTECTED: {Role.ADMIN},
    FunctionName.PUT_PROTECTED: {Role.ADMIN},
    FunctionName.DELETE_PROTECTED: {Role.ADMIN},
    FunctionName.LIST_EXCLUSIONS: {Role.ADMIN},
    FunctionName.PUT_EXCLUSION: {Role.ADMIN},
    FunctionName.DELETE_EXCLUSION: {Role.ADMIN},
    FunctionName.LIST_BUDGETS: set(Role),
    FunctionName.APPROVE_BUDGET: {Role.APPROVER},
    FunctionName.START_RUN: {Role.ADMIN},
    FunctionName.LIST_RUNS: set(Role),
    FunctionName.GET_RUN: set(Role),
    FunctionName.LIST_FINDINGS: set(Role),
    FunctionName.GET_REPORT: set(Role),
    FunctionName.APPROVE_RUN: {Role.APPROVER},
    FunctionName.GET_POSTURE: set(Role),
    FunctionName.FIND_POSTURE: set(Role),
    FunctionName.GET_HISTORY: set(Role),
}
ALLOWED: Final = {
    FunctionName.LIST_CASES: 200,
    FunctionName.CANCEL_CASE: 404,
    FunctionName.APPROVE_CASE: 404,
    FunctionName.CONFIRM_CASE: 404,
    FunctionName.REQUEST_ENROLMENT: 202,
    FunctionName.LIST_ENROLLED: 404,
    FunctionName.COLLECT_PASS: 404,
    FunctionName.GRANT_EXEMPTION: 202,
    FunctionName.END_EXEMPTION: 404,
    FunctionName.GET_CONTROL: 200,
    FunctionName.PUT_CONTROL: 200,
    FunctionName.LIST_PARKED: 200,
    FunctionName.REPLAY_PARKED: 404,
    FunctionName.LIST_PROTECTED: 200,
    FunctionName.PUT_PROTECTED: 200,
    FunctionName.DELETE_PROTECTED: 404,
    FunctionName.LIST_EXCLUSIONS: 200,
    FunctionName.PUT_EXCLUSION: 200,
    FunctionName.DELETE_EXCLUSION: 404,
    FunctionName.LIST_BUDGETS: 200,
    FunctionName.APPROVE_BUDGET: 409,
    FunctionName.START_RUN: 202,
    FunctionName.LIST_RUNS: 200,
    FunctionName.GET_RUN: 404,
    FunctionName.LIST_FINDINGS: 404,
    FunctionName.GET_REPORT: 404,
    FunctionName.APPROVE_RUN: 404,
    FunctionName.GET_POSTURE: 404,
    FunctionName.FIND_POSTURE: 404,
    FunctionName.GET_HISTORY: 200,
}
"""What a person who may is answered, in an empty deployment."""
PATH: Final = {
    "caseId": CASE_ID,
    "flow": "leaver.demo",
    "objectId": USER_ID,
    "parkedId": f"{CASE_ID}-0003",
    "runId": "20261122T020000Z-4f9c01de",
    "userId": "7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11",
}
STATEMENT: Final = b'{"owner":"Identity team","reason":"Drill","expiresAt":"2099-01-01T00:00:00Z"}'
BODIES: Final = {
    FunctionName.APPROVE_CASE: b'{"planHash":"%s"}' % (b"0" * 64),
    FunctionName.CONFIRM_CASE: b'{"planHash":"%s"}' % (b"0" * 64),
    FunctionName.APPROVE_RUN: b'{"planHash":"%s"}' % (b"0" * 64),
    FunctionName.FIND_POSTURE: b'{"userPrincipalName":"robin@contoso.example"}',
    FunctionName.REQUEST_ENROLMENT: b'{"users":["robin@contoso.example"]}',
    FunctionName.PUT_CONTROL: b'{"onboarding":"stop"}',
    FunctionName.APPROVE_BUDGET: b'{"holdId":"%s"}' % (b"0" * 32),
    FunctionName.PUT_PROTECTED: STATEMENT,
    FunctionName.PUT_EXCLUSION: STATEMENT,
    FunctionName.GRANT_EXEMPTION: json.dumps(
        {
            "userId": USER_ID,
            "reason": "Broken phone",
            "endsAt": (NOW + timedelta(days=1)).isoformat(),
        }
    ).encode(),
}


def body_for(name: FunctionName) -> bytes:
    """A body that the route takes."""
    return BODIES.get(name, b"")


def http_triggers(deployment: Deployment) -> dict[str, dict[str, object]]:
    """The HTTP trigger of each function that has one."""
    triggers = deployment.triggers.items()
    return {name: trigger for name, trigger in triggers if trigger["type"] == "httpTrigger"}


def test_every_route_is_in_the_table(deployment: Deployment) -> None:
    """A route that the table does not name is not served."""
    assert set(http_triggers(deployment)) == {name.value for name in (*MACHINES, *PEOPLE)}


def test_machines_bring_a_function_key(deployment: Deployment) -> None:
    """The host asks machines for a key; people, whom the platform signs in, for none."""
    for name, trigger in http_triggers(deployment).items():
        assert trigger["authLevel"] == ("function" if name in MACHINES else "anonymous")


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", PEOPLE)
async def test_each_role_may_what_the_table_says(
    deployment: Deployment, name: FunctionName, role: Role
) -> None:
    """One role alone opens the routes of its row, and no other."""
    answer = await deployment.call(name, headers=principal(role), path=PATH, body=body_for(name))
    if role in PEOPLE[name]:
        assert answer.status_code == ALLOWED[name]
    else:
        assert assert_problem(answer, 403)["code"] == "role-missing"


def unreadable(text: str) -> dict[str, str]:
    """A principal that holds this text."""
    return {"x-ms-client-principal": base64.b64encode(text.encode()).decode()}


NOBODY: Final = {
    "no header": {},
    "empty": {"x-ms-client-principal": ""},
    "not base64": {"x-ms-client-principal": "{}"},
    "not ASCII": {"x-ms-client-principal": "ü"},
    "not JSON": unreadable("Admin"),
    "not an object": unreadable("[]"),
    "nested deeply": unreadable('{"x":' + "[" * 5000 + "]" * 5000 + ',"claims":[]}'),
    "no claims": unreadable("{}"),
    "claims of a wrong type": unreadable('{"claims":[{"typ":"roles","val":["Admin"]}]}'),
    "not UTF-8": {"x-ms-client-principal": base64.b64encode(b'{"claims":"\xff"}').decode()},
    "no object id": principal("Admin", object_ids=()),
    "two object ids": principal("Admin", object_ids=("aaaa-1", "aaaa-2")),
    "an empty object id": principal("Admin", object_ids=("",)),
}


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("name", PEOPLE)
@pytest.mark.parametrize("header", NOBODY.values(), ids=NOBODY.keys())
async def test_who_is_not_signed_in_is_refused(
    deployment: Deployment, name: FunctionName, header: dict[str, str]
) -> None:
    """A principal that is missing, unreadable or ambiguous is nobody."""
    answer = await deployment.call(name, headers=header, path=PATH, body=body_for(name))
    assert assert_problem(answer, 401)["code"] == "not-signed-in"


@pytest.mark.usefixtures("guarded")
@pytest.mark.parametrize("roles", [(), ("admin",), ("Owner", "Global Administrator")])
@pytest.mark.parametrize("name", PEOPLE)
async def test_a_role_that_is_none_of_ours_opens_nothing(
    deployment: Deployment, name: FunctionName, roles: tuple[str, ...]
) -> None:
    """Who holds no app role, or one of another name, is refused."""
    answer = await deployment.call(name, headers=principal(*roles), path=PATH, body=body_for(name))
    assert_problem(answer, 403)


@pytest.mark.parametrize("setting", [None, "", "False", "0"])
@pytest.mark.parametrize("name", PEOPLE)
async def test_a_header_means_nothing_where_nobody_guards_the_app(
    deployment: Deployment,
    monkeypatch: pytest.MonkeyPatch,
    name: FunctionName,
    setting: str | None,
) -> None:
    """Without App Service Authentication anybody could send the header, so it is not honoured."""
    monkeypatch.delenv("WEBSITE_AUTH_ENABLED", raising=False)
    if setting is not None:
        monkeypatch.setenv("WEBSITE_AUTH_ENABLED", setting)
    answer = await deployment.call(name, headers=principal(*Role), path=PATH, body=body_for(name))
    assert assert_problem(answer, 401)["code"] == "not-signed-in"
