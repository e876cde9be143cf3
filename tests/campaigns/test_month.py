"""A month of a company of 1,000: whatever HR tells, everybody ends as a plain model says."""

import json
import os
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta

import pytest

from local.stack.stack import Options, Stack
from tests.builders import ROOMY_SETTINGS
from tests.campaigns.comparing import Outcome
from tests.campaigns.counting import counts
from tests.campaigns.feed import COMPANY, write
from tests.campaigns.model import foretell
from tests.campaigns.playing import Play
from tests.e2e.company import Company

SEED = int(os.environ.get("CAMPAIGN_SEED", "1"))
SIZE = int(os.environ.get("CAMPAIGN_SIZE", str(COMPANY // 2)))
"""Each story is still somebody's, and most are several people's."""
SOURCE = {"scheme": "standard-webhooks", "types": ["joiner", "rehire", "leaver"]}
REAL_TIME = {
    **ROOMY_SETTINGS,
    # Leases and locks run on real time; a part that dies leaves some behind.
    "MFA_LEASE_SECONDS": "5",
    "MFA_CHECK_FIRST_SECONDS": "600",
    "MFA_READ_BACK_SECONDS": "0,0.2,0.5",
    "MFA_GONE_AFTER_SECONDS": "1",
}


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A company with its population, whose HR system may tell everything."""
    options = Options(
        users=SIZE,
        seed=SEED,
        settings={**REAL_TIME, "HR_SOURCE_DEMO": json.dumps(SOURCE)},
        broker_limits={"lock_duration_seconds": 5},
    )
    with Stack(tmp_path_factory.mktemp("stack"), options) as stack:
        yield stack


@pytest.mark.slow
async def test_everybody_ends_as_the_model_says(
    stack: Stack, record_property: Callable[[str, object], None]
) -> None:
    """By the tenant's own truth, and nobody loses anything that they were not to lose."""
    async with Company(stack.description) as company:
        tomorrow = (await company.now()).date() + timedelta(days=1)
        month = write(SEED, datetime.combine(tomorrow, time(9), UTC), SIZE)
        play = Play(stack, company, month)
        await play.prepare()
        await play.to_the_end()
        outcome = Outcome(
            month=month,
            foretold=foretell(month),
            record=play.record,
            truths=await company.whole_truth(),
            cases=await company.all_cases(
                case_id for some in play.record.cases.values() for case_id in some
            ),
            parked=[str(entry["caseId"]) for entry in await company.parked()],
            requests=await company.requests(),
            audit=await company.audit(),
        )
    for what, numbers in counts(outcome):
        record_property(f"campaign: {what}", numbers)
    differences = outcome.differences()
    assert not differences, "\n".join(differences)
