"""Somebody with a token of ours: the sweep tells their changes from those of our cases."""

from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from local.graph.identity import SYSTEM_ASSIGNED
from local.graph.tenant.service_principals import service_principal_id
from local.stack.stack import Options, Stack
from shared.names import FunctionName
from tests.e2e.administrator import Administrator
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.sources import ticket
from tests.e2e.waiting import eventually

STATE: Final = "Update per-user multifactor authentication state"
A_DAY: Final = 86_400


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack that mends nobody: what a night finds is all that it does."""
    settings = {**QUICK, "MFA_SWEEP_MEND": "none", "MFA_SWEEP_PACE": "1000"}
    with Stack(tmp_path_factory.mktemp("stack"), Options(settings=settings)) as stack:
        yield stack


async def swept(stack: Stack, company: Company, number: int) -> Json:
    """The run of this number, once it has ended."""
    described = stack.description
    timer = f"{described.http}/admin/functions/{FunctionName.NIGHTLY_SWEEP}"
    headers = {"x-functions-key": described.master_key}
    async with httpx.AsyncClient(trust_env=False, timeout=30) as client:
        (await client.post(timer, headers=headers, json={})).raise_for_status()

    async def over() -> Json | None:
        await company.let_pass(1)
        listed = await company.as_person("Reader", "GET", "compliance/runs")
        runs = listed.json()["value"]
        if len(runs) < number or runs[0]["state"] == "running":
            return None
        found: Json = (
            await company.as_person("Reader", "GET", f"compliance/runs/{runs[0]['runId']}")
        ).json()
        return found

    return await eventually(over, f"run {number} has ended")


async def misuses(inbox: Inbox) -> list[dict[str, Any]]:
    """The misuses that subscribers were told of."""
    await inbox.receive()
    return [event for event in inbox.events() if event["type"] == "mfa.identity.misuse"]


async def attack(stack: Stack, person: str) -> None:
    """Somebody who has our token sets a person's state."""
    graph = stack.description.graph
    async with httpx.AsyncClient(base_url=graph, trust_env=False, timeout=30) as client:
        await Administrator(client, SYSTEM_ASSIGNED).writes(person, "disabled")


async def test_what_our_cases_did_is_none_and_what_a_thief_did_is_told_once(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """A joiner, a pass and a lost device; then a change that no case had made."""
    person = await company.employ()
    case_id = await company.announce(company.joiner(person))
    await company.reach([case_id], "waiting-registration")
    collected = await company.as_person("Helpdesk", "POST", f"cases/{case_id}/pass")
    assert collected.status_code == 200, collected.text
    await company.register(person["id"])
    await company.reach([case_id], "completed")
    lost = await company.report(ticket(person["userPrincipalName"], "T-1"))
    await company.reach([lost], "waiting-registration")
    await company.rests()
    told = {one["activity"] for one in await company.audit() if one["target"] == person["id"]}
    assert {STATE, "Admin deleted security info", "Admin registered security info"} < told

    calm = await swept(stack, company, 1)
    assert calm["problems"] == []
    assert calm["reconciliation"]["changes"] >= len(told) - 1
    assert (calm["reconciliation"]["misuse"], calm["reconciliation"]["unknown"]) == (0, 0)
    assert await misuses(inbox) == []

    victim = await company.employ()
    await attack(stack, victim["id"])
    robbed = await swept(stack, company, 2)
    assert (robbed["reconciliation"]["misuse"], robbed["reconciliation"]["unknown"]) == (1, 0)
    (event,) = await misuses(inbox)
    assert event["subject"] == victim["id"]
    assert event["data"]["activity"] == STATE
    assert event["data"]["identity"] == service_principal_id(SYSTEM_ASSIGNED)
    again = await swept(stack, company, 3)
    assert again["reconciliation"]["misuse"] == 0
    assert len(await misuses(inbox)) == 1


async def test_a_log_that_may_not_be_read_accuses_nobody(
    stack: Stack, company: Company, inbox: Inbox
) -> None:
    """The run is partial and says why; the next night tells what it could not."""
    before = len((await company.as_person("Reader", "GET", "compliance/runs")).json()["value"])
    known = len(await misuses(inbox))
    victim = await company.employ()
    await attack(stack, victim["id"])
    await company.sim("POST", "switches", {"auditNeedsDirectoryRead": True})
    partial = await swept(stack, company, before + 1)
    assert partial["state"] == "partial"
    assert [problem["what"] for problem in partial["problems"]] == ["audit log"]
    assert "AuditLog.Read.All" in partial["problems"][0]["reason"]
    assert partial["reconciliation"]["misuse"] == 0
    assert len(await misuses(inbox)) == known
    await company.sim("POST", "switches")
    await company.turn_clock(A_DAY)
    assert (await swept(stack, company, before + 2))["reconciliation"]["misuse"] == 1
    assert len(await misuses(inbox)) == known + 1
