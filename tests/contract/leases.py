"""A lease for tests of ports that pass one on."""

from dataclasses import dataclass

from shared.domain.errors.storage import LeaseLost


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
