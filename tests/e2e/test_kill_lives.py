"""`kill -9` of the host in further lives of a case: preparing, approving, reminding, leaving,
coming back.

The host is killed around every call whose effect outlives it: saves, writes, messages. Every other
boundary, refusals and lost answers too, is crossed in memory, by tests/properties.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from local.stack.stack import Stack
from tests.e2e.company import Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.killing import Campaign, Place, with_tripwires
from tests.e2e.lives import Chapter, Life, truth_of
from tests.stands.graph import GraphControl

DAY = 86_400
LOOK = 7_200
"""Seconds between two looks at what is waited for. Time passes from one wake-up call to the next:
after more of it recovery comes too, and two messages at once leave no trace like another."""
SOON = 5
MOST_ADMINISTRATORS = 60
SSPR = "c0000000-0000-4000-8000-000000000001"
ENFORCEMENT = "c0000000-0000-4000-8000-000000000003"
CONTACT = {"email": "kim.private@example.org", "mobile": "+12065550142"}
METHODS = ("microsoftAuthenticator", "mobile", "fido2")


@pytest.fixture(scope="module")
def tripwires(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder by which the tests talk to the tripwires."""
    return tmp_path_factory.mktemp("tripwires")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, tripwires: Path) -> Iterator[Stack]:
    """A stack that prepares joiners, clears who comes back, and runs the app with tripwires."""
    groups = {"MFA_SSPR_GROUP_ID": SSPR, "MFA_ENFORCEMENT_GROUP_ID": ENFORCEMENT}
    options = with_tripwires(
        tripwires,
        **groups,
        MFA_CHECK_FIRST_SECONDS=str(LOOK),
        # So short that the second look follows in the same message.
        MFA_GONE_AFTER_SECONDS="1",
        MFA_FORMER_METHODS="remove",
    )
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        tenant = GraphControl(stack.description.graph)
        for group in (SSPR, ENFORCEMENT):
            tenant.do("POST", "groups", {"displayName": group, "id": group})
        tenant.close()
        yield stack


@pytest.fixture(scope="module", autouse=True)
def administrators(stack: Stack) -> list[Json]:
    """People of a role that they hold before any other case: a list of who is privileged may be
    believed for a minute of real time, and hosts read one for every leaver."""
    tenant = GraphControl(stack.description.graph)
    people = [
        tenant.create_user(
            userPrincipalName=f"admin{number}@contoso.example",
            displayName=f"admin{number}",
            employeeId=f"admin{number}",
        )
        for number in range(MOST_ADMINISTRATORS)
    ]
    members = [person["id"] for person in people]
    role = {"displayName": "Helpdesk Administrator", "members": members}
    tenant.do("POST", "roles", role)
    tenant.close()
    return people


@pytest.mark.slow
async def test_preparing_survives_the_death_of_the_host(
    stack: Stack, company: Company, inbox: Inbox, tripwires: Path
) -> None:
    """Contact data becomes methods once, groups are joined, and none of it is lost or kept."""

    async def hire(company: Company) -> Life:
        person = await company.employ()
        return Life(person, company.joiner(person, contact=CONTACT))

    chapters = (Chapter(happens=Life.announce, rests="completed"),)
    campaign = Campaign(stack, company, inbox, tripwires, hire, chapters)
    model, places = await campaign.undisturbed(during=(0,))

    async def truth(life: Life) -> Json:
        return await truth_of(company, life, (SSPR, ENFORCEMENT))

    (expected,) = await campaign.told([model], truth)
    assert expected.truth["state"] == "enforced"
    assert expected.truth["member"] == [True, True]
    assert len(expected.truth["methods"]) == 3
    assert sum("before message writes.write" in place.order for place in places) >= 5
    await campaign.check(await campaign.killed_at(places), expected, truth)


@pytest.mark.slow
async def test_seeing_a_leaver_off_survives_the_death_of_the_host(
    stack: Stack, company: Company, inbox: Inbox, tripwires: Path
) -> None:
    """Asked, approved, sessions revoked, disabled, methods and the SSPR group gone; MFA stays."""

    async def dismiss(company: Company) -> Life:
        manager = await company.employ()
        await company.employ(manager=manager["id"])
        for method in METHODS:
            await company.register(manager["id"], method)
        await company.administrator.adds(manager["id"], SSPR)
        await company.administrator.adds(manager["id"], ENFORCEMENT)
        await company.administrator.writes(manager["id"], "enforced")
        # Sessions of the second in which they are revoked stay, so who was hired in that very
        # second has none to revoke.
        await company.advance(SOON)
        return Life(manager, company.leaver(manager, await company.now()))

    async def disable(life: Life, company: Company) -> None:
        await company.administrator.corrects(life.user, accountEnabled=False)

    chapters = (
        Chapter(happens=Life.announce, rests="awaiting-approval"),
        Chapter(happens=Life.approve, rests="waiting-disabled"),
        Chapter(happens=disable, passes=LOOK + SOON, rests="waiting-disabled"),
        # The wake-up call of the case that waited for an approval finds nothing to do.
        Chapter(passes=DAY / 3, rests="waiting-disabled"),
        Chapter(passes=DAY - DAY / 3 - LOOK, rests="completed"),
    )
    campaign = Campaign(stack, company, inbox, tripwires, dismiss, chapters)
    model, found = await campaign.undisturbed(during=(0, 1, 2, 4))
    places = [place for place in found if _taken_in(place)]

    async def truth(life: Life) -> Json:
        return await truth_of(company, life, (SSPR, ENFORCEMENT))

    (expected,) = await campaign.told([model], truth)
    assert expected.truth["state"] == "enforced"
    assert expected.truth["member"] == [False, True]
    assert len(expected.truth["methods"]) == 1
    assert len(expected.changes) == 1 + len(METHODS)
    await campaign.check(await campaign.killed_at(places), expected, truth)


@pytest.mark.slow
async def test_enforcing_who_is_overdue_survives_the_death_of_the_host(
    stack: Stack,
    company: Company,
    inbox: Inbox,
    tripwires: Path,
    administrators: list[Json],
) -> None:
    """Reminded, overdue, asked about because privileged, approved, enforced: each of it once."""

    async def hire(company: Company) -> Life:
        person = administrators.pop()
        soon = (await company.now() + timedelta(seconds=LOOK)).isoformat()
        return Life(person, company.joiner(person, enforceBy=soon))

    chapters = (
        Chapter(happens=Life.announce, rests="waiting-registration"),
        Chapter(passes=LOOK + SOON, rests="awaiting-approval"),
        Chapter(happens=Life.approve, rests="completed"),
    )
    campaign = Campaign(stack, company, inbox, tripwires, hire, chapters)
    model, places = await campaign.undisturbed(during=(1, 2))

    async def truth(life: Life) -> Json:
        return await truth_of(company, life, (SSPR, ENFORCEMENT))

    (expected,) = await campaign.told([model], truth)
    assert expected.truth["state"] == "enforced"
    assert "approve" in [step[0] for step in expected.story]
    await campaign.check(await campaign.killed_at(places), expected, truth)


@pytest.mark.slow
async def test_coming_back_survives_the_death_of_the_host(
    stack: Stack, company: Company, inbox: Inbox, tripwires: Path
) -> None:
    """Asked, approved, handed to the app that removes and back: former methods go once, then MFA.

    The groups are theirs already, so that nothing of it is what preparing has crossed.
    """

    async def hire_again(company: Company) -> Life:
        person = await company.employ()
        for method in METHODS[:2]:
            await company.register(person["id"], method)
        for group in (SSPR, ENFORCEMENT):
            await company.administrator.adds(person["id"], group)
        return Life(person, {**company.joiner(person), "type": "rehire"})

    async def register(life: Life, company: Company) -> None:
        assert len((await truth(life))["methods"]) == 1
        await company.register(life.user)

    async def truth(life: Life) -> Json:
        return await truth_of(company, life, (SSPR, ENFORCEMENT))

    chapters = (
        Chapter(happens=Life.announce, rests="awaiting-approval"),
        Chapter(happens=Life.approve, rests="waiting-registration"),
        Chapter(happens=register, passes=LOOK + SOON, rests="completed"),
    )
    campaign = Campaign(stack, company, inbox, tripwires, hire_again, chapters)
    model, found = await campaign.undisturbed(during=(0, 1))
    places = [place for place in found if _taken_in(place)]
    (expected,) = await campaign.told([model], truth)
    assert expected.truth["state"] == "enforced"
    assert len(expected.truth["methods"]) == 2
    assert "remove-former-methods" in [step[0] for step in expected.story]
    assert len(expected.changes) == 3
    await campaign.check(await campaign.killed_at(places), expected, truth)


def _taken_in(place: Place) -> bool:
    """Whether the event was taken in: until then it is any event, which `test_kill_host` tells."""
    return " webhook " not in place.order
