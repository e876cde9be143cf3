"""The port to what is kept of people's exemptions."""

from typing import Protocol

from shared.domain.exemption.limits import ExemptionRecord
from shared.domain.ids import UserId


class Exemptions(Protocol):
    """One record per person. Whoever replaces it grants the person's next exemption."""

    async def of(self, user: UserId) -> ExemptionRecord:
        """The record of a person; an empty one where they never had an exemption."""
        ...

    async def replace(self, user: UserId, old: ExemptionRecord, new: ExemptionRecord) -> None:
        """Write a record that was read as `old`.

        Raises:
            Conflict: somebody changed it meanwhile.
        """
        ...
