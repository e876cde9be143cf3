"""The ports of enrolments: whom a group has, and the lists of people beside the cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from shared.domain.enrolment.people import Listed
from shared.domain.ids import CaseId, GroupId, UserId


class GroupMembers(Protocol):
    """Reads who belongs to a group."""

    async def people_of(self, group: GroupId) -> tuple[UserId, ...]:
        """Everybody who belongs to it, directly or through another group, each once.

        Raises:
            GroupUnusable: there is no such group, it hides its members, or it has too many.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """Part of a list, as it was read.

    Attributes:
        number: which, from 0.
        people: who is on it, in order.
        version: what a replacement must find unchanged.
    """

    number: int
    people: tuple[Listed, ...]
    version: str


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptList:
    """That the list of an enrolment is kept.

    Attributes:
        case_id: of which case.
        written_at: when it was last written as a whole.
    """

    case_id: CaseId
    written_at: datetime


class EnrolmentLists(Protocol):
    """The lists of people, in parts. A list that is written anew has another edition."""

    async def write(
        self, case_id: CaseId, edition: int, parts: Sequence[Sequence[Listed]], now: datetime
    ) -> None:
        """Write a whole list; other editions of it stay as they are."""
        ...

    async def read(self, case_id: CaseId, edition: int, first: int, most: int) -> tuple[Part, ...]:
        """Up to `most` parts of an edition, from the part `first` on."""
        ...

    async def replace(
        self, case_id: CaseId, edition: int, part: Part, people: Sequence[Listed]
    ) -> None:
        """Write what became of the people of a part that was read.

        Raises:
            Conflict: somebody else has written it since.
        """
        ...

    async def kept(self, after: CaseId | None, most: int) -> Sequence[KeptList]:
        """Up to `most` of the lists that are kept, by case id, from behind `after` on."""
        ...

    async def forget(self, case_id: CaseId) -> None:
        """Drop every edition of a list; what is not kept is no error."""
        ...
