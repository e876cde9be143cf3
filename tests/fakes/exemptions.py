"""What is kept of people's exemptions, in memory."""

from shared.domain.errors.storage import Conflict
from shared.domain.exemption.limits import ExemptionRecord
from shared.domain.ids import UserId
from tests.fakes.switch import Switch


class FakeExemptions(Switch):
    """The port `Exemptions`."""

    def __init__(self) -> None:
        super().__init__()
        self._records: dict[UserId, ExemptionRecord] = {}

    async def of(self, user: UserId) -> ExemptionRecord:
        """The record of a person; an empty one where they never had an exemption."""
        self.reach()
        return self._records.get(user, ExemptionRecord())

    async def replace(self, user: UserId, old: ExemptionRecord, new: ExemptionRecord) -> None:
        """Write a record that was read as `old`."""
        if await self.of(user) != old:
            raise Conflict("The person's exemptions changed since they were read.")
        self._records[user] = new
