"""`kill -9` of the host at every step boundary of a case: the case completes all the same."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack.stack import Stack
from tests.e2e.company import Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.killing import Campaign, with_tripwires
from tests.e2e.lives import Chapter, Life


@pytest.fixture(scope="module")
def tripwires(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder by which the test talks to the tripwires."""
    return tmp_path_factory.mktemp("tripwires")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, tripwires: Path) -> Iterator[Stack]:
    """A stack whose host runs the app with tripwires."""
    with Stack(tmp_path_factory.mktemp("stack"), with_tripwires(tripwires)) as stack:
        yield stack


async def hire(company: Company) -> Life:
    """A new person, not announced yet."""
    person = await company.employ()
    return Life(person, company.joiner(person))


async def register(life: Life, company: Company) -> None:
    """Do what the case waits for, and have an administrator put the person back to `enabled`.

    So the case goes through both writes: ours to `enabled` and ours to `enforced`.
    """
    await company.register(life.user)
    await company.administrator.writes(life.user, "enabled")


CHAPTERS = (
    Chapter(happens=Life.announce, rests="waiting-registration"),
    Chapter(happens=register, passes=21, rests="completed"),
)


@pytest.mark.slow
async def test_a_case_survives_the_death_of_the_host_at_every_boundary(
    stack: Stack, company: Company, inbox: Inbox, tripwires: Path
) -> None:
    """Wherever the host dies, story, truth, events and writes are as in the undisturbed case.

    Every call of a port is a boundary here, reads and leases too.
    """
    await company.sim("POST", "switches", {"enabledAgainStaysEnabled": True})
    campaign = Campaign(stack, company, inbox, tripwires, hire, CHAPTERS)
    model, places = await campaign.undisturbed(during=(0, 1), among=lambda _: True)
    assert sum("before message writes.write" in place.order for place in places) == 2

    async def truth(life: Life) -> Json:
        return {"state": (await company.truth(life.user))["perUserMfaState"]}

    (expected,) = await campaign.told([model], truth)
    assert expected.truth == {"state": "enforced"}
    assert len(expected.changes) == 2
    await campaign.check(await campaign.killed_at(places), expected, truth)
