"""Take a change out of its flow's budget before it is made (safety rule S5)."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.application.ports.budgets import Budgets, DirectorySize
from shared.application.ports.clock import Clock
from shared.domain.budgets.flows import Budget, Flow, Spender
from shared.domain.budgets.limits import Limit
from shared.domain.errors.budgets import BudgetExhausted
from shared.telemetry import EventLog

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class SpendBudget:
    """Counts changes, each once, and says no where nothing is left.

    Attributes:
        budgets: what was used up.
        limits: how much there is, by the settings.
        size: how large the directory is, which bounds it too.
        clock: decides the hour and the day.
    """

    budgets: Budgets
    limits: Mapping[Budget, Limit]
    size: DirectorySize
    clock: Clock

    async def __call__(self, budget: Budget, spender: Spender) -> None:
        """Return if the change may be made; from now on it counts as made.

        Raises:
            BudgetExhausted: the flow is held.
            Conflict: too many hosts count at once.
            StoreUnavailable: it could not be counted.
        """
        flow = Flow(budget, spender.source)
        allowance = self.limits[budget].allowance(await self.size.people())
        if await self.budgets.spend(flow, spender.key, allowance, self.clock.now()):
            return
        _log.info("budget.held", flow=flow.name, case_id=spender.case_id)
        raise BudgetExhausted(
            f"The flow {flow.name} is held: {allowance.per_hour} an hour and {allowance.per_day}"
            " a day are allowed.",
            budget=budget,
        )
