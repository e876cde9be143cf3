"""What people see of budgets, how they let a flow go on, and what is told and forgotten."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.application.dispatch import Dispatch
from shared.application.ports.budgets import Budgets, DirectorySize, SpentRecords
from shared.application.ports.cases import CaseLists, Cases
from shared.application.ports.clock import Clock
from shared.application.ports.messages import Events, OutgoingEvent
from shared.contracts.budget_events import BUDGET_HELD, budget_event, budget_event_id
from shared.contracts.budget_view import BudgetList, BudgetView
from shared.contracts.commands import AdvanceCase
from shared.domain.budgets.flows import Budget, Flow
from shared.domain.budgets.limits import Limit
from shared.domain.budgets.tally import Hold
from shared.domain.cases import Case, CaseState
from shared.domain.errors.requests import NotFound
from shared.telemetry import EventLog

MOST_WOKEN: Final = 100
"""How many cases an approval wakes at once; the others find it when they look next."""
_MOST_PAGES: Final = 10
KEPT: Final = timedelta(days=90)
"""How long it is known what a case was counted for; one that goes on longer counts anew."""
_FORGOTTEN_AT_ONCE: Final = 500

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class ListBudgets:
    """Reads what every flow has used up, and what is allowed now."""

    budgets: Budgets
    limits: Mapping[Budget, Limit]
    size: DirectorySize
    clock: Clock

    async def __call__(self) -> BudgetList:
        """All flows, by name."""
        tallies = await self.budgets.tallies(self.clock.now())
        size = await self.size.people() if tallies else 0
        return BudgetList(
            value=tuple(
                BudgetView.of(tally, self.limits[tally.flow.budget].allowance(size))
                for tally in tallies
            )
        )


@dataclass(frozen=True, slots=True)
class LetFlowGoOn:
    """Approves as much again, and wakes cases that wait for it."""

    budgets: Budgets
    cases: Cases
    lists: CaseLists
    dispatch: Dispatch
    clock: Clock

    async def __call__(self, name: str, hold_id: str, by: str) -> None:
        """Let a flow go on.

        Args:
            name: that of the flow.
            hold_id: the hold that the person has read of.
            by: the person's object id.

        Raises:
            NotFound: no flow is called so.
            NotHeld: it is not held, or by another hold by now.
            Conflict: too many hosts count at once.
        """
        flow = Flow.named(name)
        if flow is None:
            raise NotFound("There is no flow of this name.")
        await self.budgets.let_go_on(flow, hold_id, by, self.clock.now())
        _log.info("budget.approved", flow=name, hold_id=hold_id, by=by)
        await self._wake(flow)

    async def _wake(self, flow: Flow) -> None:
        woken, token = 0, None
        for _ in range(_MOST_PAGES):
            page = await self.lists.in_states(frozenset({CaseState.HELD}), token)
            found = await asyncio.gather(*(self.cases.load(one.case_id) for one in page.cases))
            for stored in found:
                if stored is not None and _waits_for(stored.case, flow) and woken < MOST_WOKEN:
                    await self.dispatch.soon(AdvanceCase.of(stored.case))
                    woken += 1
            token = page.next_token
            if token is None or woken == MOST_WOKEN:
                return


@dataclass(frozen=True, slots=True)
class AnnounceHolds:
    """Tells of every hold, once: the same event however often it is sent."""

    budgets: Budgets
    events: Events
    clock: Clock
    tenant_id: str

    async def __call__(self) -> int:
        """Tell of the holds that nobody was told of yet; how many there were.

        Raises:
            BrokerUnavailable: the broker takes nothing; the next run tries again.
            StoreUnavailable: likewise.
        """
        told = 0
        for tally in await self.budgets.tallies(self.clock.now()):
            if tally.hold is None or tally.hold.announced:
                continue
            await self.events.publish((_told_of(tally.flow, tally.hold, self.tenant_id),))
            await self.budgets.note_announced(tally.flow, tally.hold.hold_id)
            told += 1
        return told


@dataclass(frozen=True, slots=True)
class ForgetSpending:
    """Drops what keeps changes of long ago from being counted twice."""

    records: SpentRecords
    clock: Clock

    async def __call__(self) -> int:
        """Drop a part of what is old; how much there was."""
        return await self.records.forget(self.clock.now() - KEPT, _FORGOTTEN_AT_ONCE)


def _waits_for(case: Case, flow: Flow) -> bool:
    waits = case.state is CaseState.HELD and case.held_for is flow.budget
    return waits and case.source == flow.source


def _told_of(flow: Flow, hold: Hold, tenant_id: str) -> OutgoingEvent:
    return OutgoingEvent(
        event_id=budget_event_id(hold),
        event_type=BUDGET_HELD,
        kind="budget",
        body=budget_event(flow, hold, tenant_id),
    )
