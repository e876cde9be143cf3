"""`kill -9` of the host while somebody collects a pass: none stays behind that nobody was given."""

import contextlib
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from local.stack.stack import Stack
from tests.e2e.company import Company
from tests.e2e.inbox import Inbox
from tests.e2e.killing import Campaign, with_tripwires
from tests.e2e.lives import Chapter, Life
from tests.e2e.waiting import eventually

ALL_BUT_THE_ANSWER = "after operator collections.remove 1"
"""The only moment at which a pass stays: the case calls it collected, and the next collection takes
its place."""


@pytest.fixture(scope="module")
def tripwires(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder by which the test talks to the tripwires."""
    return tmp_path_factory.mktemp("tripwires")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, tripwires: Path) -> Iterator[Stack]:
    """A stack whose host runs the app with tripwires."""
    options = with_tripwires(tripwires, MFA_PASSES_PER_HOUR="1000")
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        yield stack


async def hire(company: Company) -> Life:
    """A new person, not announced yet."""
    person = await company.employ()
    return Life(person, company.joiner(person))


async def collect(life: Life, company: Company) -> httpx.Response:
    """The answer to a helpdesk person who collects a pass."""
    return await company.as_person("Helpdesk", "POST", f"cases/{life.case_id}/pass")


async def collect_in_vain(life: Life, company: Company) -> None:
    """Collect a pass, where the host may be killed before it answers."""
    with contextlib.suppress(httpx.NetworkError, httpx.RemoteProtocolError):
        assert (await collect(life, company)).status_code == 200


async def insist(life: Life, company: Company) -> None:
    """Collect a pass until there is one: what was mislaid may just now be put in order."""

    async def collected() -> bool:
        answer = await collect(life, company)
        if answer.status_code == 503:
            assert answer.json()["code"] == "pass-unanswered"
            return False
        assert answer.status_code == 200, answer.text
        return True

    await eventually(collected, "a pass is collected")


async def passes_of(life: Life, company: Company) -> int:
    """How many passes the person could sign in with, by the tenant's own truth."""
    methods = (await company.truth(life.user))["methods"]
    return sum("temporaryAccessPass" in method["@odata.type"] for method in methods)


@pytest.mark.slow
async def test_collecting_a_pass_survives_the_death_of_the_host(
    stack: Stack, company: Company, inbox: Inbox, tripwires: Path
) -> None:
    """What was made and not handed out is gone after a minute; the next collection works."""
    chapters = (
        Chapter(happens=Life.announce, rests="waiting-registration"),
        Chapter(happens=collect_in_vain, rests="waiting-registration"),
    )
    campaign = Campaign(stack, company, inbox, tripwires, hire, chapters)
    model, found = await campaign.undisturbed(during=(1,))
    assert await passes_of(model, company) == 1
    places = [place for place in found if " operator " in place.order]
    orders = [place.order for place in places]
    assert "before operator passes.create 1" in orders
    assert ALL_BUT_THE_ANSWER in orders
    killed = await campaign.killed_at(places)
    mislaid = [life for place, life in killed if place.order != ALL_BUT_THE_ANSWER]

    async def withdrawn() -> bool:
        await company.let_pass(61)
        return not any([await passes_of(life, company) for life in mislaid])

    await eventually(withdrawn, "no pass is left that nobody was given")
    for place, life in killed:
        await insist(life, company)
        assert await passes_of(life, company) == 1, place
        await company.register(life.user)
    ended = await company.reach([life.case_id for _, life in killed], "completed")
    await inbox.until("mfa.case.completed", set(ended))
    inbox.assert_each_once_and_alike()
    for place, life in killed:
        steps = [(step["action"], step["outcome"]) for step in ended[life.case_id]["steps"]]
        told = [one["type"] for one in inbox.events() if one["data"]["caseId"] == life.case_id]
        assert told.count("mfa.pass.collected") == steps.count(("pass", "done")) >= 1, place
    assert await company.parked() == []
