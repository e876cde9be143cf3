"""What flows have used up, in memory."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Final

from shared.application.ports.budgets import Budgets
from shared.application.ports.clock import Clock
from shared.application.spending import SpendBudget
from shared.domain.authentication import Unknown
from shared.domain.budgets.flows import Budget, Flow
from shared.domain.budgets.limits import Allowance, Limit
from shared.domain.budgets.tally import Tally, let_go_on, spend
from shared.domain.errors.budgets import NotHeld
from tests.fakes.switch import Switch

ROOMY: Final = {budget: Limit(per_hour=10_000, per_day=10_000, share=1) for budget in Budget}
"""More than any test uses up."""


class FakeBudgets(Switch):
    """The ports `Budgets` and `SpentRecords`.

    Attributes:
        kept: every flow as it stands.
        spent: when what was counted in which flow under which key.
    """

    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[Flow, Tally] = {}
        self.spent: dict[tuple[Flow, str], datetime] = {}
        self._holds = count(1)

    async def spend(self, flow: Flow, key: str, allowance: Allowance, now: datetime) -> bool:
        """Count one more of a flow, unless it is held or by this comes to be."""
        self.reach()
        if (flow, key) in self.spent:
            return True
        before = self.kept.get(flow, Tally.fresh(flow, now))
        after = self.kept[flow] = spend(before, allowance, now, f"{next(self._holds):032x}")
        if after.hold is not None:
            return False
        self.spent[flow, key] = now
        return True

    async def tally(self, flow: Flow, now: datetime) -> Tally:
        """A flow as it stands."""
        self.reach()
        return self.kept.get(flow, Tally.fresh(flow, now)).at(now)

    async def tallies(self, now: datetime) -> tuple[Tally, ...]:
        """Every flow of which anything was ever counted, by name."""
        self.reach()
        by_name = sorted(self.kept, key=lambda flow: flow.name)
        return tuple(self.kept[flow].at(now) for flow in by_name)

    async def let_go_on(self, flow: Flow, hold_id: str, by: str, now: datetime) -> Tally:
        """Approve as much again, on the record."""
        self.reach()
        self.kept[flow] = let_go_on(self._known(flow), hold_id, by, now)
        return self.kept[flow]

    async def note_announced(self, flow: Flow, hold_id: str) -> None:
        """Note that an event has told of a hold."""
        self.reach()
        tally = self._known(flow)
        if tally.hold is not None and tally.hold.hold_id == hold_id:
            self.kept[flow] = replace(tally, hold=replace(tally.hold, announced=True))

    async def forget(self, before: datetime, most: int) -> int:
        """Drop up to `most` records of each flow from before a moment."""
        self.reach()
        forgotten = 0
        for flow in self.kept:
            old = [one for one, at in self.spent.items() if one[0] == flow and at < before]
            for one in old[:most]:
                del self.spent[one]
                forgotten += 1
        return forgotten

    def _known(self, flow: Flow) -> Tally:
        if flow not in self.kept:
            raise NotHeld(f"Nothing was ever counted in the flow {flow.name}.")
        return self.kept[flow]


class FakeDirectorySize:
    """The port `DirectorySize`.

    Attributes:
        size: what it answers.
    """

    def __init__(self, size: int | Unknown) -> None:
        self.size = size

    async def people(self) -> int | Unknown:
        """How many accounts it has."""
        return self.size


def spending(
    budgets: Budgets,
    clock: Clock,
    limits: Mapping[Budget, Limit] = ROOMY,
    *,
    size: int | None = None,
) -> SpendBudget:
    """What takes changes out of these budgets, in a directory of this size."""
    known = Unknown("The fake does not say.") if size is None else size
    return SpendBudget(budgets=budgets, limits=limits, size=FakeDirectorySize(known), clock=clock)
