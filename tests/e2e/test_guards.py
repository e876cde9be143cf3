"""Who is special: privileged, excluded, somebody else; by the tenant's own truth."""

import asyncio
from collections.abc import Iterator
from datetime import timedelta

import pytest

from local.stack.stack import Options, Stack
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all of them; who never registers is enforced."""
    with Stack(tmp_path_factory.mktemp("stack"), Options(settings=QUICK)) as stack:
        yield stack


async def state(company: Company, person: Json) -> str:
    """The person's per-user MFA state in truth."""
    return str((await company.truth(person["id"]))["perUserMfaState"])


async def made(company: Company, kind: str, **fields: object) -> str:
    """A group or role of the tenant."""
    answer = await company.sim("POST", kind, {"displayName": "Helpdesk Administrators", **fields})
    return str(answer["id"])


@pytest.mark.slow
async def test_an_administrator_is_enforced_unregistered_only_when_approved(
    company: Company, inbox: Inbox
) -> None:
    """Enabled like anybody; past the deadline a second person agrees to exactly that plan.

    An administrator is also who could make themselves one.
    """
    person = await company.employ()
    leading = await made(company, "groups", owners=[person["id"]])
    held = await made(company, "groups", isAssignableToRole=True, eligibleMembers=[leading])
    await made(company, "roles", members=[held])
    soon = (await company.now() + timedelta(hours=2)).isoformat()
    case_id = await company.announce(company.joiner(person, enforceBy=soon))
    await company.reach([case_id], "waiting-registration")
    assert await state(company, person) == "enabled"
    await company.advance(2 * 3600)
    case = (await company.reach([case_id], "awaiting-approval"))[case_id]
    assert await state(company, person) == "enabled"

    async def approve(plan_hash: str) -> int:
        path = f"cases/{case_id}/approve"
        answer = await company.as_person("Approver", "POST", path, {"planHash": plan_hash})
        return answer.status_code

    assert await approve("0" * 64) == 409
    assert await state(company, person) == "enabled"
    assert await approve(case["planHash"]) == 200
    await company.reach([case_id], "completed")
    assert await state(company, person) == "enforced"
    assert len((await company.writes())[person["id"]]) == 2
    await inbox.until("mfa.case.completed", {case_id})
    assert inbox.types(case_id) == [
        *("accepted", "waiting", "reminder", "overdue", "approval-requested", "completed")
    ]


async def test_who_is_excluded_is_refused_with_the_reason(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """One administrator puts somebody on the list, and nothing is written about them."""
    person = await company.employ()
    statement = {
        "owner": "Identity team",
        "reason": "A pilot of another product",
        "expiresAt": (await company.now() + timedelta(days=30)).isoformat(),
    }
    path = f"exclusions/{person['id']}"
    assert (await company.as_person("Admin", "PUT", path, statement)).is_success
    # A host that runs may believe an older list for some seconds.
    await asyncio.to_thread(stack.restart, "host")
    case_id = await company.announce(company.joiner(person))
    case = (await company.reach([case_id], "refused"))[case_id]
    assert case["steps"][-1]["outcome"] == "refused"
    await inbox.until("mfa.case.refused", {case_id})
    assert await state(company, person) == "disabled"
    assert person["id"] not in await company.writes()


async def test_a_number_alone_finds_the_person(company: Company) -> None:
    """Some HR systems know no sign-in names."""
    person = await company.employ()
    event = company.joiner(person)
    del event["userPrincipalName"]
    case_id = await company.announce(event)
    case = (await company.reach([case_id], "waiting-registration"))[case_id]
    assert case["userId"] == person["id"]
    assert await state(company, person) == "enabled"


async def test_a_number_of_two_people_is_nobodys(company: Company) -> None:
    """The case is parked with the reason, and neither of them is touched."""
    one, other = await company.employ(employeeId="E-twice"), await company.employ()
    await company.administrator.corrects(other["id"], employeeId="E-twice")
    case_id = await company.announce(company.joiner(one))
    await company.reach([case_id], "parked")
    assert [e["reason"] for e in await company.parked() if e["caseId"] == case_id] == [
        "identity-mismatch"
    ]
    assert [await state(company, person) for person in (one, other)] == ["disabled", "disabled"]


async def test_the_latest_event_counts(company: Company) -> None:
    """An earlier start replaces a later one, and the case that is needless says so."""
    person = await company.employ()
    later = (await company.now() + timedelta(days=20)).date().isoformat()
    first, second = [
        await company.announce(company.joiner(person, **dates))
        for dates in ({"startDate": later}, {})
    ]
    await company.reach([second], "waiting-registration")
    assert await state(company, person) == "enabled"
    await company.advance(21 * 86_400)
    await company.reach([first], "superseded")
