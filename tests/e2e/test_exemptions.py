"""Exemptions: approved, in force, ended by themselves, whatever fails at that very moment."""

import asyncio
import signal
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from local.stack.stack import Options, Stack
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.story import story
from tests.e2e.waiting import eventually

HOUR, DAY = 3600.0, 86_400.0


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """One stack for all of them."""
    settings = {**QUICK, "MFA_ATTEMPTS": "3"}
    with Stack(tmp_path_factory.mktemp("stack"), Options(settings=settings)) as stack:
        yield stack


async def enforced(company: Company) -> Json:
    """Somebody who is registered and enforced, as the tenant has it."""
    person = await company.employ()
    await company.register(person["id"])
    await company.administrator.writes(person["id"], "enforced")
    return person


async def asked(company: Company, person: Json, **fields: object) -> str:
    """The case of an exemption of two days that the helpdesk asks for."""
    ends_at = (await company.now() + timedelta(days=2)).isoformat()
    wanted = {"userId": person["id"], "reason": "Broken phone", "endsAt": ends_at, **fields}
    answer = await company.as_person("Helpdesk", "POST", "exemptions", wanted)
    assert answer.status_code == 202, answer.text
    return str(answer.json()["caseId"])


async def in_force(company: Company, person: Json) -> str:
    """The same, approved and begun."""
    case_id = await asked(company, person, acceptUnprotected=True)
    waiting = (await company.reach([case_id], "awaiting-approval"))[case_id]
    body = {"planHash": waiting["planHash"]}
    answer = await company.as_person("Approver", "POST", f"cases/{case_id}/approve", body)
    assert answer.status_code == 200, answer.text
    await company.reach([case_id], "active")
    assert (await state_of(company, person)) == "disabled"
    return case_id


async def state_of(company: Company, person: Json) -> str:
    """What is true of a person."""
    return str((await company.truth(person["id"]))["perUserMfaState"])


async def test_an_exemption_ends_by_itself_although_the_host_was_killed(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """Asked for, approved, disabled, announced, put back: by the tenant's own truth, and told."""
    person = await enforced(company)
    case_id = await in_force(company, person)
    second = {"userId": person["id"], "reason": "Another one"}
    second["endsAt"] = (await company.now() + timedelta(days=1)).isoformat()
    answer = await company.as_person("Helpdesk", "POST", "exemptions", second)
    assert (answer.status_code, case_id in answer.json()["detail"]) == (409, True)

    await asyncio.to_thread(stack.kill, "host", signal.SIGKILL)
    await company.turn_clock(1.1 * DAY)
    await asyncio.to_thread(stack.restart, "host")
    await inbox.until("mfa.exemption.expiring", {case_id})
    assert await state_of(company, person) == "disabled"
    await asyncio.to_thread(stack.kill, "host", signal.SIGKILL)
    await company.turn_clock(DAY)
    await asyncio.to_thread(stack.restart, "host")
    case = (await company.reach([case_id], "ended"))[case_id]
    assert await state_of(company, person) == "enforced"
    assert story(case) == [
        ("accept", None, None),
        ("ask-for-approval", None, None),
        ("approve", None, None),
        ("disable", "enforced", None),
        ("disable", "enforced", "disabled"),
        ("wait-for-end", None, None),
        ("announce-end", None, None),
        ("enforce", "disabled", None),
        ("enforce", "disabled", "enforced"),
        ("end", "enforced", "enforced"),
    ]
    await inbox.until("mfa.exemption.ended", {case_id})
    assert inbox.types(case_id) == [
        "accepted",
        "approval-requested",
        "waiting",
        "mfa.exemption.expiring",
        "mfa.exemption.ended",
    ]


async def test_an_outage_at_that_very_moment_is_made_good(company: Company, inbox: Inbox) -> None:
    """Graph is away when the end comes, for longer than attempts last: told, and put back after."""
    person = await enforced(company)
    case_id = await in_force(company, person)
    await company.fault(f"{person['id']}", status=503)
    await company.advance(2 * DAY)
    await company.reach([case_id], "parked")
    assert case_id in {entry["caseId"] for entry in await company.parked()}
    assert await state_of(company, person) == "disabled"
    await inbox.until("mfa.case.parked", {case_id})

    await company.sim("DELETE", "faults")

    async def ended() -> bool:
        await company.let_pass(60)
        return bool((await company.case(case_id))["state"] == "ended")

    await eventually(ended, "the exemption has ended")
    assert await state_of(company, person) == "enforced"
    assert case_id not in {entry["caseId"] for entry in await company.parked()}


@pytest.mark.slow
async def test_it_ends_on_time_after_restarts_jumps_of_the_clock_and_an_outage_right_then(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """All of it at once: soon after Graph answers again the person is enforced, and it is told."""
    person = await enforced(company)
    case_id = await in_force(company, person)
    for jump in (HOUR, 1.5 * DAY, 0.45 * DAY):
        await asyncio.to_thread(stack.kill, "host", signal.SIGKILL)
        await company.turn_clock(jump)
        await asyncio.to_thread(stack.restart, "host")
    assert await state_of(company, person) == "disabled"
    await company.fault(".*/users.*", status=503)
    await company.advance(DAY)
    await company.reach([case_id], "overdue", "parked")
    for part in ("host", "servicebus"):
        await asyncio.to_thread(stack.kill, part, signal.SIGKILL)
    await company.turn_clock(HOUR)
    for part in ("servicebus", "host"):
        await asyncio.to_thread(stack.restart, part)
    assert await state_of(company, person) == "disabled"

    await company.sim("DELETE", "faults")
    back = await company.now()

    async def ended() -> bool:
        await company.let_pass(20)
        return bool((await company.case(case_id))["state"] == "ended")

    await eventually(ended, "the exemption has ended")
    ended_at = datetime.fromisoformat((await company.case(case_id))["updatedAt"])
    assert ended_at - back < timedelta(days=1) / 3
    assert await state_of(company, person) == "enforced"
    assert len((await company.writes())[person["id"]]) == 2
    await inbox.until("mfa.exemption.ended", {case_id})
    assert inbox.types(case_id)[-1] == "mfa.exemption.ended"


async def test_a_leaver_is_not_touched_by_the_end(company: Company, inbox: Inbox) -> None:
    """Somebody exempt leaves and is blocked: the exemption ends by itself and writes nothing."""
    person = await enforced(company)
    case_id = await in_force(company, person)
    leaving = await company.announce(company.leaver(person, await company.now()))
    await company.reach([leaving], "waiting-disabled")
    assert (await company.case(case_id))["state"] == "active"
    await company.administrator.corrects(person["id"], accountEnabled=False)
    await company.advance(3 * DAY)
    case = (await company.reach([case_id], "ended"))[case_id]
    assert "has left" in case["steps"][-1]["detail"]
    await inbox.until("mfa.exemption.ended", {case_id})
    answer = await company.as_person("Helpdesk", "DELETE", f"exemptions/{case_id}")
    assert answer.status_code == 409
    assert await state_of(company, person) == "disabled"
    assert len((await company.writes())[person["id"]]) == 1
    again = await asked(company, person, acceptUnprotected=True)
    case = (await company.reach([again], "refused"))[again]
    assert "leaving" in case["steps"][-1]["detail"]


async def test_of_many_requests_at_once_one_is_granted(company: Company) -> None:
    """One live exemption per person: the others are told which it is."""
    person = await enforced(company)
    ends_at = (await company.now() + timedelta(days=2)).isoformat()
    wanted = {"userId": person["id"], "reason": "Broken phone", "endsAt": ends_at}
    answers = await asyncio.gather(
        *(company.as_person("Helpdesk", "POST", "exemptions", wanted) for _ in range(8))
    )
    (granted,) = [answer.json()["caseId"] for answer in answers if answer.status_code == 202]
    refused = [answer for answer in answers if answer.status_code == 409]
    assert len(refused) == 7
    assert all(granted in answer.json()["detail"] for answer in refused)


async def test_the_end_never_lowers_what_holds(company: Company) -> None:
    """Whom an administrator has enforced meanwhile stays so; an unregistered one is enabled."""
    person, other = await enforced(company), await company.employ()
    await company.administrator.writes(other["id"], "enabled")
    cases = [await in_force(company, one) for one in (person, other)]
    await company.administrator.writes(person["id"], "enforced")
    await company.advance(2.1 * DAY)
    await company.reach(cases, "ended")
    assert await state_of(company, person) == "enforced"
    assert await state_of(company, other) == "enabled"
    writes = await company.writes()
    assert len(writes[person["id"]]) == 1
    assert len(writes[other["id"]]) == 2


async def test_one_is_ended_early(company: Company) -> None:
    """The helpdesk ends it, and the person is put back at once."""
    person = await enforced(company)
    case_id = await in_force(company, person)
    answer = await company.as_person("Helpdesk", "DELETE", f"exemptions/{case_id}")
    assert answer.status_code == 202
    await company.reach([case_id], "ended", stride=0)
    assert await state_of(company, person) == "enforced"


async def test_who_may_not_be_exempt_is_refused_on_the_record(company: Company) -> None:
    """Unknown protection, a guest, and somebody whose MFA is off already: nothing is written."""
    guest = await company.employ(
        userType="Guest", userPrincipalName="gast_partner.example#EXT#@contoso.example"
    )
    off = await company.employ()
    unprotected = await enforced(company)
    cases = {
        await asked(company, guest, acceptUnprotected=True): "guest",
        await asked(company, off, acceptUnprotected=True): "already: disabled",
        await asked(company, unprotected): "unknown",
    }
    for case_id, case in (await company.reach(cases, "refused")).items():
        assert cases[case_id] in case["steps"][-1]["detail"]
    writes = await company.writes()
    assert not {guest["id"], off["id"], unprotected["id"]} & writes.keys()
