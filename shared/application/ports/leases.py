"""The port that keeps one writer per person (safety rule S8)."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol


class Lease(Protocol):
    """A lease that is held: 60 seconds long, renewed every 20 in the background, in real time."""

    @property
    def subject(self) -> str:
        """Whom it is on."""
        ...

    @property
    def fence(self) -> int:
        """The fencing number: higher than that of every earlier holder."""
        ...

    async def confirm(self) -> None:
        """Make sure, at the store, that the lease is still ours.

        Raises:
            LeaseLost: somebody took it over.
        """
        ...


class Leases(Protocol):
    """Gives leases on people."""

    def hold(self, subject: str) -> AbstractAsyncContextManager[Lease]:
        """Hold the lease on `subject` for the length of a `with` block.

        A lease whose holder died is taken over when it has expired.

        Raises:
            LeaseHeld: somebody else holds it.
        """
        ...
