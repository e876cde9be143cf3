"""`kill -9` of the host in the life of an exemption: asked for, approved, begun, put back.

It ends by itself, or before its time because somebody asks for that.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import httpx
import pytest

from local.stack.stack import Stack
from tests.e2e.company import Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.killing import Campaign, Place, with_tripwires
from tests.e2e.lives import Chapter, Life, of, truth_of
from tests.e2e.waiting import eventually

DAY = 86_400
SOON = 5


@pytest.fixture(scope="module")
def tripwires(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder by which the test talks to the tripwires."""
    return tmp_path_factory.mktemp("tripwires")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, tripwires: Path) -> Iterator[Stack]:
    """A stack whose host runs the app with tripwires."""
    options = with_tripwires(tripwires, MFA_CHECK_MOST_HOURS="48")
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        yield stack


@dataclass
class Exempt(Life):
    """Somebody who is to be exempt for two days."""

    async def ask(self, company: Company) -> None:
        """Have the helpdesk ask until it is granted: who asks again is told of the first case."""
        ends_at = (await company.now() + timedelta(days=2)).isoformat()
        wanted = {
            "userId": self.user,
            "reason": "Broken phone",
            "endsAt": ends_at,
            "acceptUnprotected": True,
        }

        async def granted() -> str | None:
            answer = await _answer(company, "POST", "exemptions", wanted)
            if answer is None:
                return None
            if answer.status_code == httpx.codes.ACCEPTED:
                return str(answer.json()["caseId"])
            first = re.match(r"Case (\S+) is the person's exemption", answer.json()["detail"])
            assert first is not None, answer.text
            return first[1]

        self.case_id = await eventually(granted, "the exemption is granted")

    async def end(self, company: Company) -> None:
        """Have the helpdesk end it, until they are told that it ends, or has ended."""

        async def ended() -> bool:
            answer = await _answer(company, "DELETE", f"exemptions/{self.case_id}")
            if answer is None:
                return False
            over = "The exemption is ended already" in answer.text
            assert answer.is_success or over, answer.text
            return True

        await eventually(ended, "the exemption is ended")


async def _answer(
    company: Company, method: str, path: str, body: Json | None = None
) -> httpx.Response | None:
    """The answer to the helpdesk; a host that was killed, or is busy, is none."""
    try:
        answer = await company.as_person("Helpdesk", method, path, body)
    except (httpx.NetworkError, httpx.RemoteProtocolError):
        return None
    return None if answer.status_code == httpx.codes.SERVICE_UNAVAILABLE else answer


BEGUN = (
    Chapter(happens=of(Exempt, Exempt.ask), rests="awaiting-approval"),
    Chapter(happens=Life.approve, rests="active"),
)
BY_ITSELF = (
    *BEGUN,
    Chapter(passes=DAY + SOON, rests="active"),
    Chapter(passes=DAY, rests="ended"),
)
EARLY = (*BEGUN, Chapter(happens=of(Exempt, Exempt.end), rests="ended"))


@pytest.fixture
def campaign_of(
    stack: Stack, company: Company, inbox: Inbox, tripwires: Path
) -> Callable[[tuple[Chapter, ...]], Campaign]:
    """The campaign about exemptions with some chapters."""

    async def enforced(company: Company) -> Life:
        person = await company.employ()
        await company.register(person["id"])
        await company.administrator.writes(person["id"], "enforced")
        life = Exempt(person, {"id": f"exemption-{uuid4().hex}"})
        (tripwires / f"{life.user}.event").write_text(life.event["id"])
        return life

    def campaign_of(chapters: tuple[Chapter, ...]) -> Campaign:
        return Campaign(stack, company, inbox, tripwires, enforced, chapters)

    return campaign_of


@pytest.mark.slow
@pytest.mark.parametrize(
    ("chapters", "during", "crossed"),
    [
        (BY_ITSELF, (0, 1, 3), "before operator exemptions.replace 1"),
        (EARLY, (2,), "after operator commands.send 1"),
    ],
    ids=["by itself", "early"],
)
async def test_an_exemption_survives_the_death_of_the_host(
    campaign_of: Callable[[tuple[Chapter, ...]], Campaign],
    chapters: tuple[Chapter, ...],
    during: tuple[int, ...],
    crossed: str,
) -> None:
    """Granted once; whoever is disabled is put back, once, wherever the host died; told once."""
    campaign = campaign_of(chapters)
    company, inbox = campaign.company, campaign.inbox
    model, found = await campaign.undisturbed(during=during)
    places = [place for place in found if not _put_off(place)]

    async def truth(life: Life) -> Json:
        return await truth_of(company, life, ())

    async def put_back() -> bool:
        return bool((await truth(model))["state"] == "enforced")

    await eventually(put_back, "the model is put back")
    assert crossed in [place.order for place in places]
    killed = await campaign.killed_at(places)
    await inbox.until("mfa.exemption.ended", {life.case_id for _, life in killed})
    inbox.assert_each_once_and_alike()
    changes = await company.changes()
    assert len(changes[model.user]) == 2
    for place, life in killed:
        about = await company.as_person("Helpdesk", "GET", f"cases?user={life.user}")
        assert [line["caseId"] for line in about.json()["value"]] == [life.case_id], place
        assert (await truth(life))["state"] == "enforced", place
        assert changes[life.user] == changes[model.user], place
        assert _without_notice(inbox, life) == _without_notice(inbox, model), place
    assert await company.parked() == []


def _put_off(place: Place) -> bool:
    """Whether it is at the end, where only a second message that finds the first at work is sent
    again: not in every life."""
    return place.chapter == len(BY_ITSELF) - 1 and "message commands.send" in place.order


def _without_notice(inbox: Inbox, life: Life) -> list[str]:
    """What was told, but for the notice of the end: a host that was away may come after it."""
    return [told for told in inbox.types(life.case_id) if told != "mfa.exemption.expiring"]
