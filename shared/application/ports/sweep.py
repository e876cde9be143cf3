"""What a sweep reads from the directory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, Protocol, TypeVar

from shared.contracts.sweep_commands import SweepCommand
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.ids import GroupId, UserId
from shared.domain.sweep.rows import Link, MemberRow, PersonRow, RegistrationRow
from shared.domain.sweep.runs import GroupToRead
from shared.domain.sweep.tenant import OwnRecords, TenantReading

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class RowPage(Generic[Row]):
    """A page of a list.

    Attributes:
        rows: what is on it.
        following: the address of the next page; None after the last.
    """

    rows: tuple[Row, ...]
    following: str | None


class TenantSource(Protocol):
    """Reads what is true of the tenant as a whole."""

    async def tenant(self, *, last_try: bool = False) -> TenantReading:
        """All of it; what may not be read is `Unknown`, with the cause.

        Args:
            last_try: whether to go on without what is in passing trouble: that is `Unknown`, too.

        Raises:
            LifecycleError: the directory is in passing trouble, or does not tell how many
                people there are.
        """
        ...


class PeopleSource(Protocol):
    """Reads people in bulk, a page at a time."""

    async def people(self, page: str | None) -> RowPage[PersonRow]:
        """Everybody, with the per-user MFA state where the directory tells it in bulk.

        Args:
            page: the address that the page before gave; None for the first.

        Raises:
            LifecycleError: the directory is in passing trouble, or answers nonsense.
        """
        ...

    async def registrations(self, page: str | None) -> RowPage[RegistrationRow]:
        """What everybody has registered, from the report, which is hours old.

        Raises:
            LicenceMissing: the tenant has no such report.
            LifecycleError: as `people`; also `PermissionMissing`.
        """
        ...

    async def linked(self, group: GroupId, link: Link, page: str | None) -> RowPage[MemberRow]:
        """The people who are bound to a group, through other groups, too.

        Raises:
            AccountNotVisible: there is no such group.
            LifecycleError: as `people`; also `PermissionMissing` and `MembersHidden`.
        """
        ...


class OneByOne(Protocol):
    """Reads of single people what no list tells, many of them in one request."""

    async def states(self, users: Sequence[UserId]) -> Mapping[UserId, PerUserMfaState | Unknown]:
        """Their per-user MFA states; of whom there is none any more, nothing.

        Raises:
            LifecycleError: the directory is in passing trouble.
        """
        ...

    async def methods(self, users: Sequence[UserId]) -> Mapping[UserId, RegistrationRow | Unknown]:
        """What they have registered now, the same way."""
        ...


class SweepCommands(Protocol):
    """Sends the stages of runs to whoever works on them."""

    async def send(self, commands: Sequence[SweepCommand], *, at: datetime | None = None) -> None:
        """Send commands, now or to be delivered at a moment.

        Raises:
            BrokerUnavailable: the broker did not take them; the watch makes it good.
        """
        ...


class Records(Protocol):
    """Reads what our own records say of people."""

    async def records(self) -> OwnRecords:
        """All of it, as of now.

        Raises:
            StoreUnavailable: it can't be read.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Bonds:
    """How a person is bound to groups.

    Attributes:
        members: the groups that they belong to or could join, of those that were asked about.
        unread: those of which nobody can tell.
    """

    members: tuple[MemberRow, ...]
    unread: tuple[GroupToRead, ...]


class OnePerson(Protocol):
    """Reads a single person live."""

    async def person(self, name: str) -> PersonRow | None:
        """The person of an object id or sign-in name; None where there is none.

        Raises:
            LifecycleError: the directory is in trouble.
        """
        ...

    async def bonds(self, user: UserId, groups: Sequence[GroupToRead]) -> Bonds:
        """How they are bound to groups.

        Raises:
            LifecycleError: the directory is in trouble.
        """
        ...

    async def reported(self, user: UserId) -> RegistrationRow | None:
        """What the registration report tells of them, hours old; None where it tells nothing.

        Raises:
            LifecycleError: as `PeopleSource.registrations`.
        """
        ...
