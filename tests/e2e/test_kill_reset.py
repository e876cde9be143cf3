"""`kill -9` of the host in the life of a reset: contained, proven, let in again, registered."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import pytest

from local.stack.stack import Stack
from shared.domain.reset.progress import LOG_TELLS
from tests.e2e.company import Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.killing import Campaign, Place, with_tripwires
from tests.e2e.lives import Chapter, Life, truth_of
from tests.e2e.waiting import eventually

LOOK = 7_200
"""Seconds between two looks at what is waited for."""
SOON = 5


@pytest.fixture(scope="module")
def tripwires(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder by which the test talks to the tripwires."""
    return tmp_path_factory.mktemp("tripwires")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, tripwires: Path) -> Iterator[Stack]:
    """A stack whose host runs the app with tripwires."""
    options = with_tripwires(
        tripwires,
        MFA_CHECK_FIRST_SECONDS=str(LOOK),
        # So short that the second look follows in the same message.
        MFA_GONE_AFTER_SECONDS="1",
        MFA_PASSES_PER_HOUR="1000",
        # The clock moves in strides while the host comes back.
        MFA_PASS_MINUTES="480",
    )
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        yield stack


@dataclass
class Robbed(Life):
    """Somebody whose account is compromised; the tripwires know the case by the ticket's id."""

    async def announce(self, company: Company) -> None:
        """Have the ticketing system tell of it."""
        ticket = {
            "ticketId": self.event["id"],
            "userId": self.user,
            "reason": "compromised",
            "requestedBy": "service-desk",
            "verification": {"by": "agent-7", "method": "in-person"},
        }
        self.case_id = await company.report(ticket)


async def reports(life: Life, company: Company) -> None:
    """The ticketing system tells."""
    await life.announce(company)


async def comes_back(life: Life, company: Company) -> None:
    """The person gets a new password, and the helpdesk hands them a pass."""
    await company.sim("POST", f"users/{life.user}/password", {"by": "portal"})

    async def collected() -> bool:
        answer = await company.as_person("Helpdesk", "POST", f"cases/{life.case_id}/pass")
        assert answer.status_code in {200, 409, 503}, answer.text
        return answer.status_code == 200

    await eventually(collected, f"a pass for {life.case_id}")


async def registers(life: Life, company: Company) -> None:
    """The person registers, as soon as the account lets them."""

    async def is_open() -> bool:
        return bool((await company.truth(life.user))["accountEnabled"])

    await eventually(is_open, "the account is open again")
    await company.register(life.user)


@pytest.mark.slow
async def test_a_reset_survives_the_death_of_the_host(
    stack: Stack, company: Company, inbox: Inbox, tripwires: Path
) -> None:
    """Wherever it dies: revoked, blocked, removed, let in and registered as if it had not."""

    # What is known of app passwords is said at once.
    await company.administrator.blocks_old_clients("All")

    async def robbed(company: Company) -> Life:
        person = await company.employ()
        for method in ("microsoftAuthenticator", "softwareOath", "windowsHelloForBusiness"):
            await company.register(person["id"], method)
        # Graph tells since when sessions are valid by the second.
        await company.advance(SOON)
        return Robbed(person, {"id": f"INC-{uuid4().hex[:12]}"})

    chapters = (
        Chapter(happens=reports, rests="waiting-registration"),
        Chapter(happens=comes_back, rests="waiting-registration"),
        Chapter(passes=LOG_TELLS.total_seconds() + SOON, rests="waiting-registration"),
        Chapter(happens=registers, passes=LOOK + SOON, rests="completed"),
    )
    campaign = Campaign(stack, company, inbox, tripwires, robbed, chapters)
    model, found = await campaign.undisturbed(during=(0, 1, 2, 3))
    places = [place for place in found if _at_work(place)]

    async def truth(life: Life) -> Json:
        person = await company.truth(life.user)
        told = await truth_of(company, life, ())
        return {**told, "open": person["accountEnabled"]}

    (expected,) = await campaign.told([model], truth)
    assert expected.truth["open"] is True
    assert len(expected.truth["methods"]) == 3
    assert sum("before message writes.write" in place.order for place in places) >= 5
    await campaign.check(await campaign.killed_at(places), expected, truth)


def _at_work(place: Place) -> bool:
    """Whether it is not the collecting of a pass, which has a campaign of its own."""
    return " operator " not in place.order
