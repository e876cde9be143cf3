"""The ports to Entra ID."""

from datetime import datetime
from typing import Protocol

from shared.application.ports.leases import Lease
from shared.domain.accounts import Account, NoAccount
from shared.domain.authentication import AuthenticationMethod, PerUserMfaState, Unknown
from shared.domain.budgets.flows import Spender
from shared.domain.control import Capability
from shared.domain.effects import Request
from shared.domain.ids import UserId, UserPrincipalName


class Directory(Protocol):
    """Reads about people."""

    async def find_account(self, who: UserId | UserPrincipalName) -> Account | NoAccount:
        """The account with this object id or sign-in name."""
        ...

    async def mfa_state(self, user: UserId) -> PerUserMfaState | Unknown:
        """The person's per-user MFA state; `Unknown` where the answer does not say.

        Raises:
            AccountNotVisible: the directory does not know the object id (any more, or here yet).
        """
        ...

    async def sessions_valid_from(self, user: UserId) -> datetime | Unknown:
        """The moment before which the person's sessions were revoked; in whole seconds, in UTC.

        Raises:
            AccountNotVisible: the directory does not know the object id (any more, or here yet).
        """
        ...

    async def has_reports(self, user: UserId) -> bool:
        """Whether anybody's manager is this person.

        Raises:
            AccountNotVisible: the directory does not know the object id (any more, or here yet).
        """
        ...

    async def methods(self, user: UserId) -> tuple[AuthenticationMethod, ...]:
        """The person's authentication methods, live.

        Raises:
            AccountNotVisible: the directory does not know the object id (any more, or here yet).
        """
        ...


class DirectoryWrites(Protocol):
    """Changes of people in the directory: the only way that there is to change anybody."""

    async def write(
        self,
        user: UserId,
        effect: Request,
        *,
        capability: Capability,
        lease: Lease,
        spender: Spender,
        approved: bool = False,
    ) -> None:
        """Ask for an effect. A return proves nothing: read it back.

        Args:
            user: whom to change.
            effect: what is asked for.
            capability: on whose behalf; its control row must say `act`.
            lease: the caller's lease on the person; it must still be held.
            spender: on whose account it is; budgets count by it.
            approved: whether a second person has agreed to exactly this, just now.

        Raises:
            AccountNotVisible: the directory does not know the object id (any more, or here yet).
            ProtectedAccount, ExcludedAccount, GuestAccount, ServiceAccount, AccountDisabled: the
                person may not be changed so, whoever agrees.
            NotApproved: a second person has to agree first.
            TooFewAdministrators: too few people would be left who can administer the tenant.
            LeaseHeld: another privileged person is just being changed.
            BudgetExhausted: the flow is held.
            MethodStillNeeded: the method is removed only after others.
            Stopped: the capability is stopped, or nobody can tell.
            Observing: the capability only observes.
            LeaseLost: somebody else has taken the person over.
        """
        ...
