"""Budgets as they are set when nobody sets them: a flood of leavers stops, one of joiners not."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from local.stack.environment import HR_SOURCE
from local.stack.stack import Options, Stack
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.side_by_side import side_by_side
from tests.e2e.waiting import eventually

LEAVERS, JOINERS, AN_HOUR = 30, 100, 25
UNSET = {name: value for name, value in QUICK.items() if not name.startswith("MFA_BUDGET_")}
SOURCE = json.dumps({"scheme": "standard-webhooks", "types": ["joiner", "leaver"]})


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose budgets are those of the settings' defaults."""
    settings = {**UNSET, f"HR_SOURCE_{HR_SOURCE.upper()}": SOURCE}
    with Stack(tmp_path_factory.mktemp("stack"), Options(settings=settings)) as stack:
        yield stack


async def states(company: Company, case_ids: list[str]) -> Counter[str]:
    """How many cases are in which state."""
    return Counter(case["state"] for case in (await company.all_cases(case_ids)).values())


async def budget(company: Company, flow: str) -> Json:
    """What a reader sees of a flow."""
    answer = await company.as_person("Reader", "GET", "budgets")
    assert answer.status_code == 200, answer.text
    (found,) = (one for one in answer.json()["value"] if one["flow"] == flow)
    return dict(found)


async def with_sessions(company: Company, people: list[Json], before: datetime) -> int:
    """How many people still have the sessions that they had."""
    truths = await side_by_side(*(company.truth(person["id"]) for person in people))
    told = [datetime.fromisoformat(truth["signInSessionsValidFromDateTime"]) for truth in truths]
    return sum(since < before for since in told)


async def test_the_26th_leaver_of_an_hour_waits_for_an_approval(
    company: Company, inbox: Inbox
) -> None:
    """25 are seen off; the rest keep everything until somebody lets them go on, then go on."""
    people = await side_by_side(*(company.employ() for _ in range(LEAVERS)))
    now = await company.now()
    # All of them within one hour of the clock.
    await company.advance(3600 - (now.minute * 60 + now.second) + 1)
    moment = await company.now()
    posted = [company.announce(company.leaver(person, moment)) for person in people]
    case_ids = await side_by_side(*posted)

    async def stands() -> bool:
        found = await states(company, case_ids)
        return found == {"waiting-disabled": AN_HOUR, "held": LEAVERS - AN_HOUR}

    await eventually(stands, "25 are seen off and 5 are held")
    before = moment.replace(microsecond=0)
    assert await with_sessions(company, people, before) == LEAVERS - AN_HOUR
    cases = await company.all_cases(case_ids)
    held = {case_id for case_id, case in cases.items() if case["state"] == "held"}
    await inbox.until("mfa.case.held", held)
    flow = await budget(company, f"leaver.{HR_SOURCE}")
    assert (flow["hour"]["used"], flow["hour"]["limit"]) == (AN_HOUR, AN_HOUR)

    # Hours alone change nothing; the event has told what to approve.
    await company.advance(2 * 3600)

    async def is_told() -> list[Json]:
        await inbox.receive()
        return [event for event in inbox.events() if event["type"] == "mfa.budget.held"]

    (event,) = await eventually(is_told, "the hold is told of")
    assert (event["data"]["flow"], event["data"]["holdId"]) == (flow["flow"], flow["holdId"])
    assert (await states(company, case_ids))["held"] == LEAVERS - AN_HOUR

    path, said = f"budgets/{flow['flow']}/approve", {"holdId": flow["holdId"]}
    assert (await company.as_person("Helpdesk", "POST", path, said)).status_code == 403
    assert (await company.as_person("Approver", "POST", path, said)).status_code == 200
    await company.reach(held, "waiting-disabled", stride=0)
    assert await with_sessions(company, people, before) == 0
    assert (await budget(company, flow["flow"]))["holdId"] is None
    inbox.assert_each_once_and_alike()


async def test_a_hundred_joiners_are_not_held(company: Company) -> None:
    """Strengthening has a high budget, and one of its own."""
    people = await side_by_side(*(company.employ() for _ in range(JOINERS)))
    case_ids = await side_by_side(*(company.announce(company.joiner(one)) for one in people))

    async def all_enabled() -> bool:
        return await states(company, case_ids) == {"waiting-registration": JOINERS}

    await eventually(all_enabled, "all joiners are enabled")
    flow = await budget(company, f"enabled.{HR_SOURCE}")
    assert flow["holdId"] is None
    assert flow["day"]["used"] >= JOINERS
    assert timedelta(0) <= await company.now() - datetime.fromisoformat(flow["day"]["since"])
