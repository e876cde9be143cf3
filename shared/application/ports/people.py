"""The ports to what people are to the guards."""

from typing import Protocol

from shared.domain.accounts import Account, NoAccount
from shared.domain.authentication import Unknown
from shared.domain.ids import EmployeeId, UserId
from shared.domain.people.administrators import Administrator
from shared.domain.people.rulings import Impact
from shared.domain.people.standing import Privilege, Standing


class Privileges(Protocol):
    """Who holds a directory role, or could come to hold one."""

    async def privilege(self, user: UserId) -> Privilege | Unknown:
        """By what a person is privileged, at most 30 seconds old.

        `Unknown` where an empty answer proves nothing, because our identity may not read what it
        would show, and of everybody else where anybody could join a group that leads to a role.

        Raises:
            AccountNotVisible: the directory does not know the object id (any more, or here yet).
            PrivilegesUnreadable: a look-up was refused.
            LifecycleError: a look-up failed in another way that passes.
        """
        ...


class Administrators(Protocol):
    """Who could still administer the tenant."""

    async def beside(self, target: UserId) -> tuple[Administrator, ...]:
        """The Global Administrators, as far as a ruling about one of them needs them.

        Args:
            target: whom something is to be taken from.

        Returns:
            The target and others: all of them, or enough that are able to sign in. Nobody, where
            the target is no Global Administrator.

        Raises:
            PrivilegesUnreadable: nobody can tell who they are.
            LifecycleError: a look-up failed in a way that passes.
        """
        ...


class EmployeeNumbers(Protocol):
    """Accounts by the HR number that they bear."""

    async def accounts_of(self, employee: EmployeeId) -> tuple[Account, ...]:
        """The accounts with this employee id: none, one, or several."""
        ...


class Managers(Protocol):
    """Whom people report to, by the directory's word."""

    async def manager(self, user: UserId) -> UserId | NoAccount:
        """The person's manager; `NoAccount` where they have none."""
        ...


class Standings(Protocol):
    """What people are to the guards, from settings, registries and roles; a minute old at most."""

    async def standing(
        self, person: Account | UserId, impact: Impact, *, last_attempt: bool = False
    ) -> Standing:
        """The standing of a person, as far as a ruling about this impact depends on it.

        Args:
            person: an account that was just read; an id is looked up where it is not remembered.
            impact: what the change comes to for the person.
            last_attempt: True where nobody will ask again: a look-up of roles that fails then makes
                the person's privilege `Unknown`, which counts as privileged, and raises nothing.

        Raises:
            AccountNotVisible: the directory does not know the object id (any more, or here yet).
            StoreUnavailable: the registries can't be read, so everybody may be protected.
            LifecycleError: the directory or a look-up of roles failed; it is worth another attempt.
        """
        ...


class BreakGlass(Protocol):
    """Whether the directory may be changed at all."""

    async def check(self) -> None:
        """Return if two break-glass entries resolve to accounts.

        Raises:
            BreakGlassMissing: they don't.
            LifecycleError: it can't be known.
        """
        ...
