"""The line itself: from an HR event to `enforced`, and everything that can be in its way."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from local.stack.stack import Options, Stack
from shared.names import Subscription
from tests.e2e.company import QUICK, Company
from tests.e2e.inbox import Inbox
from tests.e2e.story import story


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all of them, in which a human decides about the overdue."""
    settings = {**QUICK, "MFA_WHEN_OVERDUE": "escalate"}
    with Stack(tmp_path_factory.mktemp("stack"), Options(settings=settings)) as stack:
        yield stack


FOUND = ("find-account", None, "the person")
ACCEPTED = ("accept", None, None)
WAITS = ("wait-for-registration", None, None)
COMPLETES = ("complete", None, None)


async def test_a_joiner_is_enforced_by_registering(company: Company, inbox: Inbox) -> None:
    """Enabled, registered, moved to enforced by the tenant itself: one write, and all is told."""
    person = await company.employ()
    case_id = await company.announce(company.joiner(person))
    await company.reach([case_id], "waiting-registration")
    assert (await company.truth(person["id"]))["perUserMfaState"] == "enabled"
    await company.register(person["id"])
    case = (await company.reach([case_id], "completed"))[case_id]
    assert story(case) == [
        ACCEPTED,
        FOUND,
        ("enable", "disabled", None),
        ("enable", "disabled", "enabled"),
        WAITS,
        ("enforce", "enforced", "enforced"),
        COMPLETES,
    ]
    assert (await company.truth(person["id"]))["perUserMfaState"] == "enforced"
    assert len((await company.writes())[person["id"]]) == 1
    await inbox.until("mfa.case.completed", {case_id})
    assert inbox.types(case_id) == ["accepted", "waiting", "completed"]
    inbox.assert_each_once_and_alike()
    assert {event["subject"] for event in inbox.events() if "subject" in event} == {person["id"]}


async def test_who_registered_and_stays_enabled_is_enforced_by_us(company: Company) -> None:
    """Where the tenant does not move a registered person by itself, the app writes `enforced`."""
    await company.sim("POST", "switches", {"enabledAgainStaysEnabled": True})
    person = await company.employ()
    case_id = await company.announce(company.joiner(person))
    await company.reach([case_id], "waiting-registration")
    await company.register(person["id"])
    await company.administrator.writes(person["id"], "enabled")
    case = (await company.reach([case_id], "completed"))[case_id]
    await company.sim("POST", "switches", {})
    assert story(case)[-3:] == [
        ("enforce", "enabled", None),
        ("enforce", "enabled", "enforced"),
        COMPLETES,
    ]
    assert (await company.truth(person["id"]))["perUserMfaState"] == "enforced"
    assert len((await company.writes())[person["id"]]) == 2


@pytest.mark.parametrize("state", ["enabled", "enforced"])
async def test_what_is_there_already_is_not_written_again(company: Company, state: str) -> None:
    """Who begins enabled or enforced is never written `enabled`: that could be a downgrade."""
    person = await company.employ()
    await company.administrator.writes(person["id"], state)
    case_id = await company.announce(company.joiner(person))
    await company.reach([case_id], "waiting-registration")
    assert (await company.truth(person["id"]))["perUserMfaState"] == state
    await company.register(person["id"])
    case = (await company.reach([case_id], "completed"))[case_id]
    assert ("enable", state, state) in story(case)
    assert (await company.truth(person["id"]))["perUserMfaState"] == "enforced"
    assert person["id"] not in await company.writes()


async def test_who_has_registered_before_is_done_at_once(company: Company) -> None:
    """A disabled person with a method moves to enforced by the first write."""
    person = await company.employ()
    await company.register(person["id"])
    case_id = await company.announce(company.joiner(person))
    case = (await company.reach([case_id], "completed"))[case_id]
    assert ("enable", "disabled", "enforced") in story(case)
    assert len((await company.writes())[person["id"]]) == 1


async def test_nothing_is_touched_before_the_start_date(company: Company) -> None:
    """A start date ahead is waited for; then the case goes its way."""
    person = await company.employ()
    start = (await company.now() + timedelta(days=3)).date().isoformat()
    case_id = await company.announce(company.joiner(person, startDate=start))
    await company.reach([case_id], "waiting-start", stride=0)
    await company.advance(86_400)
    assert (await company.truth(person["id"]))["perUserMfaState"] == "disabled"
    assert (await company.case(case_id))["state"] == "waiting-start"
    await company.advance(3 * 86_400)
    await company.reach([case_id], "waiting-registration")
    assert len((await company.writes())[person["id"]]) == 1


async def test_hr_may_precede_the_directory(company: Company) -> None:
    """An account that is not there yet is waited for."""
    late = {"userPrincipalName": "late.joiner@contoso.example", "employeeId": "E-late"}
    case_id = await company.announce(company.joiner(late))
    await company.reach([case_id], "waiting-account", stride=0)
    person = await company.employ(**late)
    await company.reach([case_id], "waiting-registration")
    assert (await company.truth(person["id"]))["perUserMfaState"] == "enabled"


async def test_a_guest_is_refused(company: Company, inbox: Inbox) -> None:
    """A guest's home organisation answers for them: refused, on the record, nothing written."""
    guest = await company.employ(
        userType="Guest", userPrincipalName="gast_partner.example#EXT#@contoso.example"
    )
    case_id = await company.announce(company.joiner(guest))
    case = (await company.reach([case_id], "refused"))[case_id]
    assert case["steps"][-1]["outcome"] == "refused"
    assert guest["id"] not in await company.writes()
    await inbox.until("mfa.case.refused", {case_id})
    reasons = [event["data"].get("reason") for event in inbox.events()]
    assert reasons[-1] == "guest-account"


async def test_a_mismatch_waits_for_a_human_and_goes_on(company: Company, inbox: Inbox) -> None:
    """Another employee's account parks the case; replayed after the correction it completes."""
    person = await company.employ(employeeId="E-wrong")
    event = company.joiner(person, employeeId="E-right")
    case_id = await company.announce(event)
    await company.reach([case_id], "parked")
    entry = next(entry for entry in await company.parked() if entry["caseId"] == case_id)
    assert entry["reason"] == "identity-mismatch"
    assert person["id"] not in await company.writes()
    await company.administrator.corrects(person["id"], employeeId="E-right")
    await company.replay(case_id)
    await company.reach([case_id], "waiting-registration")
    await company.register(person["id"])
    await company.reach([case_id], "completed")
    assert all(entry["caseId"] != case_id for entry in await company.parked())
    await inbox.until("mfa.case.completed", {case_id})
    assert inbox.types(case_id) == ["accepted", "parked", "waiting", "completed"]


async def test_who_never_registers_is_overdue_and_may_still_register(
    company: Company, inbox: Inbox
) -> None:
    """Where a human decides about them, registering later completes the case all the same."""
    person = await company.employ()
    soon = (await company.now() + timedelta(hours=2)).isoformat()
    case_id = await company.announce(company.joiner(person, enforceBy=soon))
    await company.reach([case_id], "waiting-registration")
    await company.advance(2 * 3600)
    await company.reach([case_id], "overdue")
    await company.register(person["id"])
    await company.advance(6 * 3600)
    await company.reach([case_id], "completed")
    await inbox.until("mfa.case.completed", {case_id})
    assert inbox.types(case_id) == ["accepted", "waiting", "reminder", "overdue", "completed"]


async def test_a_cancelled_case_does_nothing_more(company: Company, inbox: Inbox) -> None:
    """Cancelled by the helpdesk: told to everybody, nothing undone, nothing done any more."""
    person = await company.employ()
    case_id = await company.announce(company.joiner(person))
    await company.reach([case_id], "waiting-registration")
    answer = await company.as_person("Helpdesk", "POST", f"cases/{case_id}/cancel")
    assert answer.status_code == 200
    assert answer.json()["steps"][-1]["detail"].endswith("The account stays enabled for MFA.")
    await inbox.until("mfa.case.cancelled", {case_id})
    await company.register(person["id"])
    await company.advance(86_400)
    assert (await company.case(case_id))["state"] == "cancelled"
    assert len((await company.writes())[person["id"]]) == 1
    for subscription in Subscription:
        types = [e["type"] for e in inbox.events(subscription) if e["data"]["caseId"] == case_id]
        assert types == ["mfa.case.accepted", "mfa.case.waiting", "mfa.case.cancelled"]
