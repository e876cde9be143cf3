"""`kill -9` of the host in the life of an exemption: approved, begun, announced, put back."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from local.stack.stack import Stack
from tests.e2e.company import Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.killing import Campaign, Chapter, Life, truth_of, with_tripwires
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
    """Somebody who is to be exempt for two days; the tripwires know the case by its file."""

    tripwires: Path = Path()

    async def ask(self, company: Company) -> None:
        """Have the helpdesk ask for it."""
        ends_at = (await company.now() + timedelta(days=2)).isoformat()
        wanted = {
            "userId": self.user,
            "reason": "Broken phone",
            "endsAt": ends_at,
            "acceptUnprotected": True,
        }
        answer = await company.as_person("Helpdesk", "POST", "exemptions", wanted)
        assert answer.status_code == httpx.codes.ACCEPTED, answer.text
        self.case_id = str(answer.json()["caseId"])
        (self.tripwires / f"{self.case_id}.event").write_text(str(self.event["id"]))


async def asks(life: Life, company: Company) -> None:
    """The helpdesk asks."""
    assert isinstance(life, Exempt)
    await life.ask(company)


@pytest.mark.slow
async def test_an_exemption_survives_the_death_of_the_host(
    stack: Stack, company: Company, inbox: Inbox, tripwires: Path
) -> None:
    """Whoever is disabled is put back, once, wherever the host died; and it is told once."""

    async def enforced(company: Company) -> Life:
        person = await company.employ()
        await company.register(person["id"])
        await company.administrator_writes(person["id"], "enforced")
        return Exempt(person, company.joiner(person), tripwires=tripwires)

    chapters = (
        Chapter(happens=asks, rests="awaiting-approval", last=None),
        Chapter(happens=Life.approve, rests="active"),
        Chapter(passes=DAY + SOON, rests="active", last=None),
        Chapter(passes=DAY, rests="ended", last="leases.give_back"),
    )
    campaign = Campaign(stack, company, inbox, tripwires, enforced, chapters)
    model, places = await campaign.undisturbed(during=(1, 3))

    async def truth(life: Life) -> Json:
        return await truth_of(company, life, ())

    async def put_back() -> bool:
        return bool((await truth(model))["state"] == "enforced")

    await eventually(put_back, "the model is put back")
    assert sum("before message writes.write" in place.order for place in places) == 2
    killed = await campaign.killed_at(places)
    await inbox.until("mfa.exemption.ended", {life.case_id for _, life in killed})
    inbox.assert_each_once_and_alike()
    changes = await company.changes()
    for place, life in killed:
        assert (await truth(life))["state"] == "enforced", place
        assert changes[life.user] == changes[model.user], place
        assert _without_notice(inbox, life) == _without_notice(inbox, model), place
    assert await company.parked() == []


def _without_notice(inbox: Inbox, life: Life) -> list[str]:
    """What was told, but for the notice of the end: a host that was away may come after it."""
    return [told for told in inbox.types(life.case_id) if told != "mfa.exemption.expiring"]
