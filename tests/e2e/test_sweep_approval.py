"""What a night would mend waits for a word through the whole stack, and the run tells the truth."""

from collections.abc import Iterator
from typing import Final

import pytest

from local.stack.stack import Options, Stack
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.waiting import eventually

PEOPLE: Final = 40
ALLOWED: Final = 2
"""People whom a run may have taken up without a word; it finds more."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack with people in it, of whom not all are protected."""
    options = Options(users=PEOPLE, settings={**QUICK, "MFA_SWEEP_MEND_MOST": str(ALLOWED)})
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        yield stack


async def run_in(company: Company, run_id: str, *, state: str) -> Json:
    """The run once this has become of whom it would mend."""

    async def there() -> Json | None:
        await company.let_pass(1)
        answer = await company.as_person("Reader", "GET", f"compliance/runs/{run_id}")
        run: Json = answer.json()
        is_told = run["stage"] == "nothing"
        return run if is_told and run["remediation"].get("state") == state else None

    return await eventually(there, f"the run's enrolment is {state}")


async def test_a_run_says_what_became_of_whom_it_would_mend(company: Company, inbox: Inbox) -> None:
    """Held until an Approver agrees; then their cases are opened, and it is held no more."""
    begun = await company.as_person("Admin", "POST", "compliance/runs")
    assert begun.status_code == 202, begun.text
    run_id = begun.json()["runId"]
    held = await run_in(company, run_id, state="held")
    assert held["state"] == "completed"
    mended = held["remediation"]
    assert mended["people"] > mended["allowed"] == ALLOWED
    assert await company.writes() == {}

    planned = await company.case(mended["caseId"])
    agreed = await company.as_person(
        "Approver", "POST", f"compliance/runs/{run_id}/approve", {"planHash": planned["planHash"]}
    )
    assert agreed.status_code == 200, agreed.text
    assert agreed.json()["state"] == "completed"
    assert agreed.json()["remediation"]["state"] in {"enrolling", "done"}
    done = await run_in(company, run_id, state="done")
    assert {**done, "remediation": mended} == held

    await inbox.until("mfa.case.completed", {mended["caseId"]})
    told = [event["type"] for event in inbox.events() if event["data"].get("runId") == run_id]
    assert sorted(told) == ["mfa.sweep.completed", "mfa.sweep.held"]
    again = await company.as_person(
        "Approver", "POST", f"compliance/runs/{run_id}/approve", {"planHash": planned["planHash"]}
    )
    assert again.status_code == 409
