"""The ports to Temporary Access Passes."""

from datetime import datetime
from typing import Protocol

from shared.application.ports.leases import Lease
from shared.domain.accounts import NoAccount
from shared.domain.budgets.flows import Spender
from shared.domain.control import Capability
from shared.domain.ids import CaseId, UserId
from shared.domain.passes.collecting import SignIn
from shared.domain.passes.given import Collection, GivenPass
from shared.domain.passes.methods_policy import MethodsPolicy, PassTerms
from shared.domain.people.rulings import Impact


class Passes(Protocol):
    """Makes and removes passes. Nothing is ever asked twice: a pass is a credential.

    Both calls are refused as those of `DirectoryWrites` are: ProtectedAccount, Stopped, Observing,
    LeaseLost.
    """

    async def create(
        self,
        user: UserId,
        terms: PassTerms,
        *,
        impact: Impact,
        approved: bool,
        capability: Capability,
        lease: Lease,
        spender: Spender,
    ) -> GivenPass:
        """Have a pass made; it takes the place of the one there may be.

        Args:
            user: whom it lets in.
            terms: what it is to be.
            impact: what it comes to for the person, by which the guards rule.
            approved: whether a second person agreed; privileged people get none without.
            capability: on whose behalf; its control row must say `act`.
            lease: the caller's lease on the person; it must still be held.
            spender: on whose account it is; each pass counts in a budget.

        Raises:
            BudgetExhausted: too many passes were made lately; nothing was made.
            PassNeedsApproval: nobody approved it; nothing was made.
            AccountNotVisible: the directory does not know the object id; nothing was made.
            RequestRejected: Graph makes none for this person; nothing was made.
            Throttled: nothing was made.
            PermissionMissing: nothing was made.
            DirectoryUnavailable: there was no answer. A pass may have been made.
            MalformedAnswer: the answer can't be read. A pass may have been made.
        """
        ...

    async def delete(
        self, user: UserId, method_id: str, *, capability: Capability, lease: Lease
    ) -> None:
        """Have a pass removed; one that is gone already is no error. Look again to believe it."""
        ...


class PassChecks(Protocol):
    """Reads what decides whether a pass would help a person."""

    async def sign_in(self, user: UserId) -> SignIn | NoAccount:
        """How the person signs in."""
        ...

    async def policy(self) -> MethodsPolicy:
        """The tenant's authentication methods policy."""
        ...

    async def groups_of(self, user: UserId, among: frozenset[str]) -> frozenset[str]:
        """Which of these groups the person is in, directly or not.

        Raises:
            AccountNotVisible: the directory does not know the object id.
        """
        ...


class Collections(Protocol):
    """The passes that are being collected, one per case at a time; kept under the person's lease.

    A record never holds a pass.
    """

    async def put(self, collection: Collection) -> None:
        """Keep a record, in place of the one there may be."""
        ...

    async def get(self, case_id: CaseId) -> Collection | None:
        """The record of a case."""
        ...

    async def remove(self, case_id: CaseId) -> None:
        """Drop a record; one that is gone already is no error."""
        ...

    async def unfinished(self, most: int) -> tuple[Collection, ...]:
        """Up to `most` records."""
        ...


class PassCounts(Protocol):
    """How many passes each person collects."""

    async def take(self, by: str, now: datetime, most: int) -> None:
        """Count one more, unless the person has had so many in the hour before `now`.

        Of any number of callers side by side, no more than `most` succeed.

        Raises:
            TooManyPasses: they have.
            Conflict: too many callers at once; nothing was counted.
        """
        ...
