"""Leavers, from an HR event to an account that nobody can sign in to, by the tenant's own truth."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from local.stack.stack import Options, Stack
from tests.e2e.company import QUICK, Company
from tests.e2e.inbox import Inbox

DAY = 86_400
METHODS = (
    "microsoftAuthenticator",
    "mobile",
    "alternateMobile",
    "softwareOath",
    "hardwareOath",
    "fido2",
    "windowsHelloForBusiness",
    "email",
    "external",
    "qrCodePin",
)
PASSWORD_ONLY = ["#microsoft.graph.passwordAuthenticationMethod"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all of them."""
    with Stack(
        tmp_path_factory.mktemp("stack"),
        Options(settings={**QUICK, "MFA_FORMER_METHODS": "remove"}),
    ) as stack:
        yield stack


async def types(company: Company, user: str) -> list[str]:
    """The types of the methods that the person truly has."""
    return [method["@odata.type"] for method in (await company.truth(user))["methods"]]


async def sessions_of(company: Company, user: str) -> datetime:
    """Since when the person's sessions are truly valid."""
    told = (await company.truth(user))["signInSessionsValidFromDateTime"]
    return datetime.fromisoformat(told)


async def test_a_leaver_keeps_nothing_but_the_password_and_enforced_mfa(
    company: Company, inbox: Inbox
) -> None:
    """Nothing before the moment; sessions at it; every method once disabled and a day later."""
    person = await company.employ()
    user = person["id"]
    for method in METHODS:
        await company.register(user, method)
    await company.administrator.writes(user, "enforced")
    await company.sim("POST", f"users/{user}/app-passwords", {"name": "old phone"})
    before = await sessions_of(company, user)
    moment = await company.now() + timedelta(days=2)
    case_id = await company.announce(company.leaver(person, moment))
    await company.reach([case_id], "waiting-effective", stride=0)
    await company.advance(DAY)
    assert await sessions_of(company, user) == before
    await company.advance(DAY)
    await company.reach([case_id], "waiting-disabled")
    assert await sessions_of(company, user) >= moment.replace(microsecond=0)
    assert len(await types(company, user)) == len(METHODS) + 1
    # Disabled in time, but kept until a day has passed.
    await company.administrator.corrects(user, accountEnabled=False)
    await company.advance(6 * 3600)
    assert len(await types(company, user)) == len(METHODS) + 1
    await company.advance(DAY)
    case = (await company.reach([case_id], "completed"))[case_id]
    assert await types(company, user) == PASSWORD_ONLY
    assert (await company.truth(user))["perUserMfaState"] == "enforced"
    told = [s for s in case["steps"] if (s["action"], s["outcome"]) == ("remove-methods", "done")]
    (removed,) = told
    assert len(removed["before"].split(", ")) == len(METHODS)
    assert removed["after"] == "absent"
    assert case["steps"][-1]["detail"] == "Two lists agree that no method is left."
    await inbox.until("mfa.case.completed", {case_id})
    assert inbox.types(case_id) == ["accepted", "waiting", "waiting", "completed"]
    inbox.assert_each_once_and_alike()


async def test_the_onboarding_of_a_leaver_is_cancelled(company: Company, inbox: Inbox) -> None:
    """Both cases tell it, and the person is not reminded of anything any more."""
    person = await company.employ()
    joining = await company.announce(company.joiner(person))
    await company.reach([joining], "waiting-registration")
    leaving = await company.announce(company.leaver(person, await company.now()))
    await company.reach([leaving], "waiting-disabled")
    cancelled = await company.case(joining)
    assert cancelled["state"] == "cancelled"
    assert leaving in cancelled["steps"][-1]["detail"]
    steps = (await company.case(leaving))["steps"]
    assert [s["after"] for s in steps if s["action"] == "cancel-case"] == [joining]
    await inbox.until("mfa.case.cancelled", {joining})


async def test_a_manager_leaves_only_after_an_approval(company: Company, inbox: Inbox) -> None:
    """HR may have sent the wrong name: until a second person agrees, nothing is touched."""
    manager = await company.employ()
    await company.employ(manager=manager["id"])
    user = manager["id"]
    await company.register(user)
    await company.administrator.corrects(user, accountEnabled=False)
    before = await sessions_of(company, user)
    moment = await company.now() - timedelta(days=2)
    case_id = await company.announce(company.leaver(manager, moment))
    case = (await company.reach([case_id], "awaiting-approval"))[case_id]
    assert "reports to the person" in case["steps"][-1]["detail"]
    assert await sessions_of(company, user) == before
    await inbox.until("mfa.case.approval-requested", {case_id})
    path, agreed = f"cases/{case_id}/approve", {"planHash": case["planHash"]}
    stale = await company.as_person("Approver", "POST", path, {"planHash": "0" * 64})
    assert stale.status_code == 409
    assert (await company.as_person("Approver", "POST", path, agreed)).status_code == 200
    await company.reach([case_id], "completed")
    assert await types(company, user) == PASSWORD_ONLY
    assert await sessions_of(company, user) > before


async def test_who_comes_back_begins_without_what_they_had(company: Company) -> None:
    """Every method from before goes, after an approval; then they register, and are enforced."""
    person = await company.employ()
    user = person["id"]
    for method in ("microsoftAuthenticator", "mobile", "alternateMobile", "fido2"):
        await company.register(user, method)
    case_id = await company.announce({**company.joiner(person), "type": "rehire"})
    case = (await company.reach([case_id], "awaiting-approval"))[case_id]
    assert len(await types(company, user)) == 5
    assert (await company.truth(user))["perUserMfaState"] == "disabled"
    path, agreed = f"cases/{case_id}/approve", {"planHash": case["planHash"]}
    assert (await company.as_person("Approver", "POST", path, agreed)).status_code == 200
    case = (await company.reach([case_id], "waiting-registration"))[case_id]
    assert await types(company, user) == PASSWORD_ONLY
    done = [step["action"] for step in case["steps"] if step["outcome"] == "done"]
    assert done[-3:] == ["remove-methods", "remove-former-methods", "enable"]
    await company.register(user)
    await company.reach([case_id], "completed")
    assert (await company.truth(user))["perUserMfaState"] == "enforced"


async def test_who_is_not_found_has_left_already(company: Company) -> None:
    """An account that is gone is what was wanted: completed, and the case says so."""
    nobody = {"userPrincipalName": "left.already@contoso.example", "employeeId": "E-left"}
    case_id = await company.announce(company.leaver(nobody, await company.now()))
    case = (await company.reach([case_id], "completed"))[case_id]
    assert case["userId"] is None
    assert "is not there" in case["steps"][-1]["detail"]


async def test_who_was_renamed_is_found_by_the_employee_id(company: Company) -> None:
    """HR knows the old sign-in name only; the number leads to the person all the same."""
    person = await company.employ()
    old_name = {**person, "userPrincipalName": "before.wedding@contoso.example"}
    case_id = await company.announce(company.leaver(old_name, await company.now()))
    case = (await company.reach([case_id], "waiting-disabled"))[case_id]
    assert case["userId"] == person["id"]


async def test_another_persons_account_is_not_touched(company: Company) -> None:
    """A sign-in name that changed hands: the number does not fit, so a human has to look."""
    person = await company.employ()
    before = await sessions_of(company, person["id"])
    event = company.leaver(person, await company.now(), employeeId="E-somebody-else")
    case_id = await company.announce(event)
    await company.reach([case_id], "parked")
    entry = next(entry for entry in await company.parked() if entry["caseId"] == case_id)
    assert (entry["reason"], entry["queue"]) == ("identity-mismatch", "resets")
    assert await sessions_of(company, person["id"]) == before


async def test_an_account_that_stays_enabled_is_overdue(company: Company, inbox: Inbox) -> None:
    """After thirty days it is told once; disabled at last, the case completes."""
    person = await company.employ()
    await company.register(person["id"])
    case_id = await company.announce(company.leaver(person, await company.now()))
    await company.reach([case_id], "waiting-disabled")
    # Before the broker lets them expire.
    await inbox.until("mfa.case.waiting", {case_id})
    await company.reach([case_id], "overdue", stride=DAY)
    assert len(await types(company, person["id"])) == 2
    await company.administrator.corrects(person["id"], accountEnabled=False)
    await company.reach([case_id], "completed", stride=DAY)
    assert await types(company, person["id"]) == PASSWORD_ONLY
    await inbox.until("mfa.case.completed", {case_id})
    assert inbox.types(case_id) == ["accepted", "waiting", "overdue", "completed"]
