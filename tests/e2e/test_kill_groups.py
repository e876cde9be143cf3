"""`kill -9` of the host where group membership enforces: whatever dies, nobody is joined early."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack.stack import Stack
from tests.e2e.company import Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.killing import Campaign, with_tripwires
from tests.e2e.lives import Chapter, Life, truth_of
from tests.stands.graph import GraphControl

GROUPS = {
    "MFA_SSPR_GROUP_ID": "c0000000-0000-4000-8000-000000000001",
    "MFA_REGISTRATION_GROUP_ID": "c0000000-0000-4000-8000-000000000002",
    "MFA_ENFORCEMENT_GROUP_ID": "c0000000-0000-4000-8000-000000000003",
}


@pytest.fixture(scope="module")
def tripwires(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder by which the test talks to the tripwires."""
    return tmp_path_factory.mktemp("tripwires")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, tripwires: Path) -> Iterator[Stack]:
    """A stack of the group strategy, whose host runs the app with tripwires."""
    options = with_tripwires(tripwires, **GROUPS, MFA_STRATEGY="group")
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        tenant = GraphControl(stack.description.graph)
        for group in GROUPS.values():
            tenant.do("POST", "groups", {"displayName": group, "id": group})
        tenant.close()
        yield stack


@pytest.mark.slow
async def test_joining_groups_survives_the_death_of_the_host(
    stack: Stack, company: Company, inbox: Inbox, tripwires: Path
) -> None:
    """Reset, registration, and enforcement once registered: and never the per-user state."""

    async def hire(company: Company) -> Life:
        person = await company.employ()
        return Life(person, company.joiner(person))

    async def register(life: Life, company: Company) -> None:
        assert (await truth(life))["member"] == [True, True, False]
        await company.register(life.user)

    async def truth(life: Life) -> Json:
        return await truth_of(company, life, list(GROUPS.values()))

    chapters = (
        Chapter(happens=Life.announce, rests="waiting-registration"),
        Chapter(happens=register, passes=21, rests="completed"),
    )
    campaign = Campaign(stack, company, inbox, tripwires, hire, chapters)
    model, places = await campaign.undisturbed(during=(0, 1))
    (expected,) = await campaign.told([model], truth)
    assert expected.truth["state"] == "disabled"
    assert expected.truth["member"] == [True, True, True]
    assert sum("before message writes.write" in place.order for place in places) == 3
    await campaign.check(await campaign.killed_at(places), expected, truth)
