"""The ports to what flows have used up."""

from datetime import datetime
from typing import Protocol

from shared.domain.authentication import Unknown
from shared.domain.budgets.flows import Flow
from shared.domain.budgets.limits import Allowance
from shared.domain.budgets.tally import Tally


class Budgets(Protocol):
    """What each flow has used up; counted once per key, by any number of hosts side by side."""

    async def spend(self, flow: Flow, key: str, allowance: Allowance, now: datetime) -> bool:
        """Count one more of a flow, unless it is held or by this comes to be.

        What was counted under the same key before is let through, whatever has become of the flow:
        the change may have been made.

        Args:
            flow: which.
            key: what the change counts under, once.
            allowance: how much there is.
            now: the time.

        Returns:
            False where the flow is held; then nothing was counted.

        Raises:
            Conflict: too many hosts count at once; nothing was counted.
            StoreUnavailable: it may or may not have been counted.
        """
        ...

    async def tally(self, flow: Flow, now: datetime) -> Tally:
        """A flow as it stands."""
        ...

    async def tallies(self, now: datetime) -> tuple[Tally, ...]:
        """Every flow of which anything was ever counted, by name."""
        ...

    async def let_go_on(self, flow: Flow, hold_id: str, by: str, now: datetime) -> Tally:
        """Approve as much again, on the record.

        Raises:
            NotHeld: the flow is not held, or by another hold by now.
            Conflict: too many hosts count at once; nothing was approved.
        """
        ...

    async def note_announced(self, flow: Flow, hold_id: str) -> None:
        """Note that an event has told of a hold; one that is over already needs no note."""
        ...


class SpentRecords(Protocol):
    """What keeps a change from being counted twice."""

    async def forget(self, before: datetime, most: int) -> int:
        """Drop up to `most` records of each flow from before a moment; how many there were."""
        ...


class DirectorySize(Protocol):
    """How large the directory is."""

    async def people(self) -> int | Unknown:
        """How many accounts it has, at most an hour old."""
        ...
