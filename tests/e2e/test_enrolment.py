"""Existing people come in through the whole stack, though the host dies; by the tenant's truth."""

import asyncio
import signal
from collections import Counter
from collections.abc import Iterator
from typing import Final

import pytest

from local.stack.stack import Options, Stack
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.side_by_side import side_by_side
from tests.e2e.waiting import eventually

PLAIN: Final = 32
A_DAY: Final = 20
DAY: Final = 86_400


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that lets twenty people in on a day."""
    settings = {**QUICK, "MFA_ENROLLED_PER_DAY": str(A_DAY)}
    with Stack(tmp_path_factory.mktemp("stack"), Options(settings=settings)) as stack:
        yield stack


async def a_group(company: Company) -> tuple[str, dict[str, list[Json]]]:
    """A group with a group inside it, forty people in all; who is what."""
    kinds: dict[str, list[Json]] = {
        "enrol": await side_by_side(*(company.employ() for _ in range(PLAIN))),
        "already-enforced": await side_by_side(*(company.employ() for _ in range(3))),
        "guest-account": [await company.employ(userType="Guest") for _ in range(2)],
        "account-disabled": [await company.employ(accountEnabled=False) for _ in range(2)],
        "protected-account": [await company.employ()],
    }
    for person in kinds["already-enforced"]:
        await company.administrator.writes(person["id"], "enforced")
    (protected,) = kinds["protected-account"]
    statement = {"owner": "Identity team", "reason": "The second break-glass account"}
    answer = await company.as_person("Admin", "PUT", f"protected/{protected['id']}", statement)
    assert answer.is_success, answer.text
    ids = [person["id"] for people in kinds.values() for person in people]
    inner = await company.sim("POST", "groups", {"displayName": "Inner", "members": ids[:12]})
    outer = {"displayName": "Everybody in sales", "members": [*ids[8:], inner["id"]]}
    return (await company.sim("POST", "groups", outer))["id"], kinds


async def people(company: Company, case_id: str) -> list[Json]:
    """Who is on the list, and what became of each; the host may be gone just now."""
    answer = await company.as_person("Admin", "GET", f"enrolments/{case_id}/people")
    assert answer.is_success, answer.text
    listed: list[Json] = answer.json()["value"]
    return listed


@pytest.mark.slow
async def test_a_group_is_enrolled_though_the_host_dies(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """One case each for exactly the planned, so many a day, and nobody else is written."""
    group, kinds = await a_group(company)
    answer = await company.as_person("Admin", "POST", "enrolments", {"groupId": group})
    assert answer.status_code == 202, answer.text
    case_id = answer.json()["caseId"]
    planned = (await company.reach([case_id], "awaiting-confirmation", stride=1))[case_id]
    assert planned["plan"]["people"] == 40
    assert planned["plan"]["findings"] == {kind: len(those) for kind, those in kinds.items()}
    assert await company.writes() == {}

    path = f"cases/{case_id}/confirm"
    stale = await company.as_person("Admin", "POST", path, {"planHash": "0" * 64})
    assert stale.status_code == 409
    confirmation = {"planHash": planned["planHash"]}
    assert (await company.as_person("Admin", "POST", path, confirmation)).status_code == 200

    async def some_are_in() -> bool:
        return len(await company.writes()) > 0

    await eventually(some_are_in, "the first people are enabled")
    await asyncio.to_thread(stack.kill, "host", signal.SIGKILL)
    await asyncio.to_thread(stack.restart, "host")

    async def the_day_is_full() -> bool:
        await company.let_pass(5)
        steps = (await company.case(case_id))["steps"]
        return any(
            step["action"] == "open-cases" and step["outcome"] == "waiting" for step in steps
        )

    await eventually(the_day_is_full, "the day is full")
    opened = [one["caseId"] for one in await people(company, case_id) if one["caseId"]]
    assert 0 < len(opened) <= A_DAY
    await company.reach([case_id], "completed", stride=DAY / 24)

    listed = await people(company, case_id)
    theirs = {one["userId"]: one["caseId"] for one in listed if one["caseId"]}
    assert theirs.keys() == {person["id"] for person in kinds["enrol"]}
    assert [one for one in listed if one["passedOver"]] == []
    cases = await company.reach(theirs.values(), "waiting-registration")
    assert {cases[one]["userId"]: one for one in cases} == theirs
    days = Counter(case["createdAt"][:10] for case in cases.values())
    assert max(days.values()) <= A_DAY

    writes = await company.writes()
    for kind, those in kinds.items():
        expected = {"enrol": "enabled", "already-enforced": "enforced"}.get(kind, "disabled")
        for person in those:
            truth = await company.truth(person["id"])
            assert truth["perUserMfaState"] == expected, kind
            assert len(writes.get(person["id"], [])) == (kind == "enrol"), kind
    await inbox.until("mfa.case.completed", {case_id})
    assert inbox.types(case_id) == ["accepted", "waiting", "completed"]
    inbox.assert_each_once_and_alike()
    assert await company.parked() == []
