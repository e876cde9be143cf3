"""One live exemption per person, over the real tables: two hosts, many requests at once."""

import asyncio
import secrets
from datetime import timedelta

import pytest

from shared.adapters.tables.cases import TableCases
from shared.adapters.tables.exemptions import TableExemptions
from shared.adapters.tables.lists import TableCaseLists
from shared.adapters.tables.store import TableStore
from shared.application.dispatch import Dispatch
from shared.application.exempting import GrantExemption
from shared.domain.cases import Case
from shared.domain.errors.exemptions import ExemptionLive
from shared.domain.errors.storage import Conflict
from shared.domain.exemption.limits import ExemptionLimits
from shared.domain.failures import cancelled
from shared.domain.ids import CaseId
from shared.domain.plans import ExemptionPlan
from tests.builders import NOW
from tests.contract.samples import PERSON
from tests.fakes.broker import FakeBroker
from tests.properties.clock import WorldClock

PLAN = ExemptionPlan(
    user_id=PERSON,
    reason="Broken phone",
    ends_at=NOW + timedelta(days=2),
    accept_unprotected=True,
)


def a_host(store: TableStore) -> GrantExemption:
    """What grants exemptions on one host."""
    return GrantExemption(
        exemptions=TableExemptions(store),
        cases=TableCases(store),
        dispatch=Dispatch(FakeBroker()),
        clock=WorldClock(),
        limits=ExemptionLimits(),
        new_id=lambda: CaseId(secrets.token_hex(16)),
    )


@pytest.mark.parametrize("earlier", [False, True])
async def test_of_many_requests_at_once_one_is_granted(store: TableStore, *, earlier: bool) -> None:
    """Whether the person had one before or not: one case, and the others are refused for it."""
    hosts, cases = (a_host(store), a_host(store)), TableCases(store)
    if earlier:
        first = await cases.load((await hosts[0](PLAN, "helpdesk-0")).case_id)
        assert first is not None
        await cases.save(first, cancelled(first.case, "helpdesk-0", NOW))
    answers = await asyncio.gather(
        *(hosts[number % 2](PLAN, f"helpdesk-{number}") for number in range(1, 9)),
        return_exceptions=True,
    )
    (granted,) = [answer for answer in answers if isinstance(answer, Case)]
    assert sum(isinstance(answer, ExemptionLive | Conflict) for answer in answers) == 7
    page = await TableCaseLists(store).of_user(PERSON, None)
    live = [line.case_id for line in page.cases if line.state == "accepted"]
    assert live == [granted.case_id]
