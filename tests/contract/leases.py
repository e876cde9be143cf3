"""What tests of ports pass on that need none of it: a lease, and who spends a budget."""

from dataclasses import dataclass
from typing import Final

from shared.domain.budgets.flows import Spender
from shared.domain.errors.storage import LeaseLost
from shared.domain.ids import CaseId, SourceName

A_SPENDER: Final = Spender(CaseId("c" * 32), SourceName("contoso-hr"))


@dataclass
class PlainLease:
    """A lease that is held until it is said to be lost."""

    subject: str
    fence: int = 1
    lost: bool = False

    async def confirm(self) -> None:
        """Make sure that it is still held."""
        if self.lost:
            raise LeaseLost("The test took the lease away.")
