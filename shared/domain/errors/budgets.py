"""What budgets do not let happen now."""

from shared.domain.budgets.flows import Budget
from shared.domain.errors import Disposition, LifecycleError


class BudgetExhausted(LifecycleError):
    """A flow has used up its budget and is held until somebody approves more."""

    code = "budget-exhausted"
    disposition = Disposition.DEFER
    uses_attempt = False
    remedy = "See GET /api/budgets; if it is meant, POST /api/budgets/{flow}/approve."

    def __init__(self, detail: str, *, budget: Budget) -> None:
        super().__init__(detail)
        self.budget = budget
        """What is used up."""


class NotHeld(LifecycleError):
    """There is nothing to approve: the flow is not held, or by another hold by now."""

    code = "not-held"
    disposition = Disposition.REFUSE
    remedy = "Look again: GET /api/budgets."
