"""`kill -9` of the host in the life of an enrolment: listed, planned, confirmed, carried out."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from local.stack.stack import Stack
from shared.application.enrolling import AT_ONCE
from tests.e2e.company import Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.killing import Campaign, with_tripwires
from tests.e2e.lives import Chapter, Life, of
from tests.e2e.side_by_side import side_by_side
from tests.e2e.waiting import eventually

SIX_HOURS = 21_600
OVERTAKEN = AT_ONCE - 1
"""How many are enforced by somebody else once they are planned: so the first turn opens one case,
and another turn has to come for the last person."""
PLANNED = OVERTAKEN + 2
IN_VAIN = tuple(f"before message claims.claim {number}" for number in range(2, OVERTAKEN + 1))
"""Claims of further people of whom nothing comes: the first of them is place enough."""

Begin = Callable[[Company], Awaitable[Life]]


@pytest.fixture(scope="module")
def tripwires(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder by which the tests talk to the tripwires."""
    return tmp_path_factory.mktemp("tripwires")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, tripwires: Path) -> Iterator[Stack]:
    """A stack whose host runs the app with tripwires."""
    # Nobody registers here, and nobody is to keep the host busy with looking whether they have.
    options = with_tripwires(tripwires, MFA_CHECK_FIRST_SECONDS=str(SIX_HOURS))
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        yield stack


@dataclass
class Enrolment(Life):
    """People who are to be enrolled; the tripwires know the case by the id of the request."""

    asked: Json = field(default_factory=dict)

    async def ask(self, company: Company) -> None:
        """Ask until it is taken."""
        answer = await _insist(company, "enrolments", self.asked)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        self.case_id = str(answer.json()["caseId"])

    async def confirm(self, company: Company) -> None:
        """Confirm the plan, after somebody else has enforced most of those who are on it."""
        seen = {"planHash": (await company.case(self.case_id))["planHash"]}
        planned = [
            one for one in await self.listed(company) if one["planned"]["finding"] == "enrol"
        ]
        assert len(planned) == PLANNED
        overtaken = (
            company.administrator.writes(one["userId"], "enforced") for one in planned[:OVERTAKEN]
        )
        await side_by_side(*overtaken)
        answer = await _insist(company, f"cases/{self.case_id}/confirm", seen)
        again = "waits for no confirmation" in answer.text
        assert answer.is_success or again, answer.text

    async def listed(self, company: Company) -> list[Json]:
        """Who is on the list, and what became of each."""
        answer = await company.as_person("Admin", "GET", f"enrolments/{self.case_id}/people")
        assert answer.is_success, answer.text
        listed: list[Json] = answer.json()["value"]
        return listed

    async def came_to(self, company: Company) -> Json:
        """What is true of everybody, once those whose case was opened have only to register."""
        listed = await self.listed(company)
        opened = [one["caseId"] for one in listed if one["caseId"] is not None]
        cases = await company.reach(opened, "waiting-registration", stride=0)
        changes = await company.changes()
        found = []
        for one in listed:
            user, case = one["userId"], one["caseId"]
            assert case is None or cases[case]["userId"] == user
            about = await company.as_person("Admin", "GET", f"cases?user={user}")
            found.append(
                {
                    "planned": one["planned"],
                    "passedOver": one["passedOver"],
                    "cases": [line["caseId"] == case for line in about.json()["value"]],
                    "state": (await company.truth(user))["perUserMfaState"],
                    "changes": changes.get(user, []),
                }
            )
        return {"people": found}


async def _insist(company: Company, path: str, body: Json) -> httpx.Response:
    """An administrator's request, until it is answered: a host that was killed is no answer."""

    async def answered() -> httpx.Response | None:
        try:
            answer = await company.as_person("Admin", "POST", path, body)
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            return None
        return None if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else answer

    return await eventually(answered, f"POST {path} is answered")


async def a_group(company: Company) -> Life:
    """A group that is to be enrolled, with a guest in it."""
    people = await _people(company)
    members = [one["id"] for one in people]
    group = await company.sim("POST", "groups", {"displayName": "Sales", "members": members})
    return _asking(group, groupId=group["id"])


async def a_list(company: Company) -> Life:
    """A list that is to be enrolled; one of its people stands on it by name and by id."""
    people = await _people(company)
    names = [*(one["userPrincipalName"] for one in people), people[0]["id"]]
    return _asking(people[0], users=names)


async def _people(company: Company) -> list[Json]:
    employees = (company.employ() for _ in range(PLANNED))
    return await side_by_side(*employees, company.employ(userType="Guest"))


def _asking(about: Json, **what: object) -> Enrolment:
    request = {"id": f"enrolment-{uuid4().hex}"}
    return Enrolment(about, request, asked={**request, **what})


CHAPTERS = (
    Chapter(happens=of(Enrolment, Enrolment.ask), rests="awaiting-confirmation"),
    Chapter(happens=of(Enrolment, Enrolment.confirm), rests="completed"),
)


@pytest.fixture
def campaign_of(
    stack: Stack, company: Company, inbox: Inbox, tripwires: Path
) -> Callable[[Begin], Campaign]:
    """The campaign about enrolments that begin in some way."""

    def campaign_of(begin: Begin) -> Campaign:
        return Campaign(stack, company, inbox, tripwires, begin, CHAPTERS)

    return campaign_of


@pytest.mark.slow
@pytest.mark.parametrize(("begin", "during"), [(a_group, (0, 1)), (a_list, (0,))])
async def test_an_enrolment_survives_the_death_of_the_host(
    campaign_of: Callable[[Begin], Campaign], begin: Begin, during: tuple[int, ...]
) -> None:
    """Each of the planned has one case and is enabled once, wherever the host died."""
    campaign = campaign_of(begin)

    async def truth(life: Life) -> Json:
        assert isinstance(life, Enrolment)
        return await life.came_to(campaign.company)

    model, places = await campaign.undisturbed(during=during)
    (expected,) = await campaign.told([model], truth)
    people = expected.truth["people"]
    assert [one["state"] for one in people].count("enabled") == PLANNED - OVERTAKEN
    assert [len(one["changes"]) for one in people].count(1) == PLANNED - OVERTAKEN
    assert all(all(one["cases"]) for one in people)
    places = [place for place in places if not place.order.endswith(IN_VAIN)]
    await campaign.check(await campaign.killed_at(places), expected, truth)
