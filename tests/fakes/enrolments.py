"""The lists of enrolments in memory."""

from collections.abc import Sequence
from datetime import datetime

from shared.application.ports.enrolments import KeptList, Part
from shared.domain.enrolment.people import Listed
from shared.domain.errors.storage import Conflict
from shared.domain.ids import CaseId
from tests.fakes.switch import Switch


class FakeEnrolmentLists(Switch):
    """The port `EnrolmentLists`."""

    def __init__(self) -> None:
        super().__init__()
        self._written: dict[CaseId, datetime] = {}
        self._parts: dict[tuple[CaseId, int, int], tuple[tuple[Listed, ...], int]] = {}
        self._writes = 0

    async def write(
        self, case_id: CaseId, edition: int, parts: Sequence[Sequence[Listed]], now: datetime
    ) -> None:
        """Write a whole list."""
        self.reach()
        self._written[case_id] = now
        for number, people in enumerate(parts):
            self._put(case_id, edition, number, people)

    async def read(self, case_id: CaseId, edition: int, first: int, most: int) -> tuple[Part, ...]:
        """Up to `most` parts of an edition."""
        self.reach()
        numbers = sorted(key[2] for key in self._parts if key[:2] == (case_id, edition))
        return tuple(
            Part(number=number, people=people, version=str(version))
            for number in [one for one in numbers if one >= first][:most]
            for people, version in [self._parts[case_id, edition, number]]
        )

    async def replace(
        self, case_id: CaseId, edition: int, part: Part, people: Sequence[Listed]
    ) -> None:
        """Write what became of the people of a part that was read."""
        self.reach()
        kept = self._parts.get((case_id, edition, part.number))
        if kept is None or (str(kept[1]) != part.version and kept[0] != tuple(people)):
            raise Conflict("The fake's list changed since it was read.")
        self._put(case_id, edition, part.number, people)

    async def kept(self, after: CaseId | None, most: int) -> Sequence[KeptList]:
        """Up to `most` of the lists that are kept, by case id."""
        self.reach()
        behind = sorted(case_id for case_id in self._written if case_id > (after or ""))
        return [KeptList(case_id=one, written_at=self._written[one]) for one in behind[:most]]

    async def forget(self, case_id: CaseId) -> None:
        """Drop every edition of a list."""
        self.reach()
        self._written.pop(case_id, None)
        self._parts = {key: part for key, part in self._parts.items() if key[0] != case_id}

    def _put(self, case_id: CaseId, edition: int, number: int, people: Sequence[Listed]) -> None:
        self._writes += 1
        self._parts[case_id, edition, number] = (tuple(people), self._writes)
