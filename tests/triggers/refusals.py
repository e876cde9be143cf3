"""What every refusal and every acceptance must be like, whatever was sent."""

import asyncio
import json
from collections.abc import Mapping
from typing import Any, Final

import azure.functions as func

from shared.adapters.tables.case_rows import case_row
from shared.adapters.tables.entry_rows import event_row, step_row
from shared.adapters.tables.indexes import marks_of
from shared.adapters.tables.rules import check_transaction
from shared.domain.ids import CaseId
from shared.names import FunctionName, Table
from tests.triggers.deployment import OTHER_SECRET, SECRET, Deployment, assert_problem, told

CONFIDENTIAL: Final = (
    "+1 2065550142",
    "private.address@example.com",
    "secret-name@contoso.example",
)
VALID: Final[dict[str, Any]] = {
    "id": "evt-1",
    "type": "joiner",
    "userPrincipalName": CONFIDENTIAL[2],
    "employeeId": "E-1",
    "startDate": "2026-03-09",
    "contact": {"mobile": CONFIDENTIAL[0], "email": CONFIDENTIAL[1]},
    "occurredAt": "2026-03-01T10:00:00+01:00",
    "enforceBy": "2026-03-20T17:00:00Z",
}
BODY: Final = json.dumps(VALID).encode()
APP: Final = Deployment()


def answer_to(
    body: bytes, headers: Mapping[str, str], *, source: str = "demo", app: Deployment = APP
) -> func.HttpResponse:
    """The answer to a webhook."""
    return asyncio.run(
        app.call(
            FunctionName.ONBOARDING_WEBHOOK, headers=headers, path={"source": source}, body=body
        )
    )


def assert_refused(answer: func.HttpResponse, *statuses: int) -> None:
    """The answer is one of these refusals, and repeats nothing."""
    assert answer.status_code in statuses
    assert_problem(answer, answer.status_code)
    text = answer.get_body().decode()
    for secret in (*CONFIDENTIAL, SECRET, SECRET.removeprefix("whsec_"), OTHER_SECRET):
        assert secret not in text
    assert "Traceback" not in text
    assert ".py" not in text


def assert_understood(app: Deployment, answer: func.HttpResponse) -> None:
    """The event is refused in order, or accepted, readable and storable in Azure."""
    if answer.status_code != 202:
        assert_refused(answer, 400, 409)
        return
    case_id = CaseId(told(answer)["caseId"])
    read = asyncio.run(app.call(FunctionName.GET_CASE, path={"caseId": case_id}))
    assert read.status_code == 200
    assert told(read)["state"] == "accepted"
    for confidential in CONFIDENTIAL:
        assert confidential not in read.get_body().decode()
    stored = asyncio.run(app.cases.load(case_id))
    assert stored is not None
    rows = [
        case_row(stored.case, marks_of(stored.case, stored.events, None)),
        *(step_row(case_id, step) for step in stored.steps),
        *(event_row(case_id, event) for event in stored.events),
    ]
    check_transaction(Table.CASES, rows)
