"""Hand out a Temporary Access Pass: made when it is asked for, shown once, kept nowhere."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from shared.application.dispatch import Dispatch
from shared.application.holding import Holding
from shared.application.looking import capability
from shared.application.pass_terms import FindTerms
from shared.application.ports.cases import Cases, StoredCase
from shared.application.ports.clock import Clock
from shared.application.ports.leases import Lease
from shared.application.ports.passes import Collections, PassCounts, Passes
from shared.application.withdrawing import WithdrawPass
from shared.contracts.commands import AdvanceCase
from shared.domain.approvals import is_approved
from shared.domain.budgets.flows import Spender
from shared.domain.cases import Case
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.budgets import BudgetExhausted
from shared.domain.errors.control import BreakGlassMissing, Observing, Stopped
from shared.domain.errors.directory import (
    AccountNotVisible,
    DirectoryUnavailable,
    MalformedAnswer,
    PermissionMissing,
    RequestRejected,
    Throttled,
)
from shared.domain.errors.passes import NotReady, PassNeedsApproval, PassNotAllowed, PassUnanswered
from shared.domain.errors.people import (
    AccountDisabled,
    ExcludedAccount,
    GuestAccount,
    ProtectedAccount,
    ServiceAccount,
)
from shared.domain.errors.requests import NotFound
from shared.domain.ids import CaseId, is_case_id
from shared.domain.passes.collecting import (
    PassRules,
    announced,
    collected,
    let_in_by,
    refused,
)
from shared.domain.passes.given import Collection, GivenPass
from shared.domain.passes.methods_policy import PassTerms
from shared.domain.people.rulings import Impact
from shared.telemetry import EventLog

_MARGIN: Final = timedelta(minutes=10)
"""How much later than meant a pass may expire: an unanswered request may still arrive, and clocks
differ."""

_UNANSWERED: Final = (DirectoryUnavailable, MalformedAnswer)
"""A pass may have been made."""

_NOTHING_MADE: Final = (
    AccountDisabled,
    AccountNotVisible,
    BreakGlassMissing,
    BudgetExhausted,
    ExcludedAccount,
    GuestAccount,
    Observing,
    PassNeedsApproval,
    PermissionMissing,
    ProtectedAccount,
    RequestRejected,
    ServiceAccount,
    Stopped,
    Throttled,
)
"""Graph or the guard before it said no. Whatever is in neither list is settled as unanswered."""

_NO_REFUSAL: Final = (NotReady, PassNeedsApproval)
"""A question that came too soon."""

_RECORDINGS: Final = 5
"""How often it is tried to put back the record of a pass that nobody was given."""

_log = EventLog(__name__)


@dataclass(frozen=True, slots=True)
class CollectPass:
    """Collects a pass for a person who has to register.

    A record of the collection is stored before Graph is asked, and removed before the pass is
    handed out. Where it is left, nobody was given the pass, and it is withdrawn.
    """

    cases: Cases
    holding: Holding
    find_terms: FindTerms
    passes: Passes
    collections: Collections
    counts: PassCounts
    withdraw: WithdrawPass
    dispatch: Dispatch
    clock: Clock
    pass_rules: PassRules

    async def __call__(self, case_id: CaseId, by: str) -> GivenPass:
        """Collect a pass.

        Args:
            case_id: whose person it lets in.
            by: object id of the signed-in person who collects it.

        Raises:
            NotFound: there is no such case.
            PassUnanswered: Graph did not answer; what may have been made is being removed.
            LifecycleError: there is no pass now; the error says why.
        """
        stored = await self.cases.load(case_id) if is_case_id(case_id) else None
        if stored is None:
            raise NotFound("There is no case of this id.")
        try:
            async with self.holding.hold_soon_to_write(stored) as (held, lease):
                return await self._collect(held, by, lease)
        except LifecycleError:
            await self._tell(stored.case)
            raise

    async def _tell(self, case: Case) -> None:
        """Have the worker publish what the case has to tell; this app publishes nothing."""
        await self.dispatch.soon(AdvanceCase.of(case))

    async def _collect(self, stored: StoredCase, by: str, lease: Lease) -> GivenPass:
        stored = await self._settle_earlier(stored, lease)
        try:
            found = await self.find_terms(stored, by)
        except LifecycleError as error:
            if error.disposition is Disposition.REFUSE and not isinstance(error, _NO_REFUSAL):
                await self._keep_refusal(stored, by, error)
            raise
        await self.counts.take(by, self.clock.now(), self.pass_rules.most_per_hour)
        now = self.clock.now()
        collection = Collection(
            case_id=stored.case.case_id,
            user_id=found.user,
            by=by,
            begun_at=now,
            ends_at=now + found.terms.lifetime + _MARGIN,
        )
        await self.collections.put(collection)
        begun = announced(stored.case, by, now, replaces=found.replaces)
        stored = await self.cases.save(stored, begun)
        given = await self._create(stored, collection, found.terms, lease)
        if given.unusable is not None:
            await self._try_to_withdraw(stored, collection, lease)
            raise PassNotAllowed(f"Graph says that the pass can't be used: {given.unusable}.")
        try:
            done = collected(stored.case, by, given, self.clock.now())
            await self.cases.save(stored, done)
            await self._tell(stored.case)
            # Last of all: whoever dies before this has handed out nothing, and it is withdrawn.
            await self.collections.remove(collection.case_id)
        except LifecycleError as error:
            await self._try_to_withdraw(stored, collection, lease)
            raise PassUnanswered(f"The pass could not be put on record. {error.detail}") from error
        return given

    async def _settle_earlier(self, stored: StoredCase, lease: Lease) -> StoredCase:
        """See that nothing is left of an earlier collection before another one begins."""
        earlier = await self.collections.get(stored.case.case_id)
        if earlier is None:
            return stored
        settled = await self.withdraw(stored, earlier, lease)
        if settled is None:
            raise PassUnanswered("What an earlier request may have made is still being removed.")
        return settled

    async def _keep_refusal(self, stored: StoredCase, by: str, error: LifecycleError) -> None:
        refusal = refused(stored.case, stored.steps, by, error, self.clock.now())
        if refusal is not None:
            await self.cases.save(stored, refusal)

    async def _create(
        self, stored: StoredCase, collection: Collection, terms: PassTerms, lease: Lease
    ) -> GivenPass:
        case, user = stored.case, collection.user_id
        try:
            return await self.passes.create(
                user,
                terms,
                impact=let_in_by(case),
                approved=is_approved(case, Impact.GIVE_PASS, self.clock.now()),
                capability=capability(case),
                lease=lease,
                # A record that is taken up again is another one: nothing is asked for twice.
                spender=Spender(case.case_id, case.source, collection.begun_at.isoformat()),
            )
        except _NOTHING_MADE as error:
            await self._keep_refusal(stored, collection.by, error)
            await self.collections.remove(collection.case_id)
            raise
        except _UNANSWERED as error:
            _log.warning("pass.unanswered", case_id=case.case_id, code=error.code)
            await self._try_to_withdraw(stored, collection, lease)
            raise PassUnanswered(f"The pass did not reach us. {error.detail}") from error

    async def _try_to_withdraw(
        self, stored: StoredCase, collection: Collection, lease: Lease
    ) -> None:
        """Remove at once what may have been made; the timer goes on with what is left to do."""
        try:
            await self.withdraw(stored, collection, lease)
        except LifecycleError as error:
            _log.warning("pass.not-withdrawn", case_id=collection.case_id, code=error.code)
            await self._keep_record(collection)

    async def _keep_record(self, collection: Collection) -> None:
        """See that the timer knows of it: a removal whose answer got lost has taken place."""
        for _ in range(_RECORDINGS):
            try:
                await self.collections.put(collection)
            except LifecycleError as error:
                _log.warning("pass.not-recorded", case_id=collection.case_id, code=error.code)
            else:
                return
