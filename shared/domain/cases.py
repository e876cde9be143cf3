"""The case: our record of one request about one person."""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.authentication import PerUserMfaState
from shared.domain.ids import CaseId, EmployeeId, SourceName, UserId, UserPrincipalName


class CaseKind(StrEnum):
    """What a case is about."""

    ONBOARDING = "onboarding"


class CaseState(StrEnum):
    """Where a case stands."""

    ACCEPTED = "accepted"
    WAITING_START = "waiting-start"
    WAITING_ACCOUNT = "waiting-account"
    ENABLED = "enabled"
    WAITING_REGISTRATION = "waiting-registration"
    OVERDUE = "overdue"
    ENFORCED = "enforced"
    COMPLETED = "completed"
    REFUSED = "refused"
    PARKED = "parked"
    CANCELLED = "cancelled"


ENDED: Final = frozenset({CaseState.COMPLETED, CaseState.REFUSED, CaseState.CANCELLED})
"""States that a case never leaves."""

OPEN: Final = frozenset(CaseState) - ENDED - {CaseState.PARKED}
"""States in which a case moves by itself."""


class EventType(StrEnum):
    """What we tell the world about a case."""

    ACCEPTED = "mfa.case.accepted"
    WAITING = "mfa.case.waiting"
    OVERDUE = "mfa.case.overdue"
    COMPLETED = "mfa.case.completed"
    REFUSED = "mfa.case.refused"
    PARKED = "mfa.case.parked"
    CANCELLED = "mfa.case.cancelled"


class StepOutcome(StrEnum):
    """How a step of a case ended."""

    DONE = "done"
    """It was read back."""
    WOULD = "would"
    """Observe mode: nothing was changed."""
    BEGUN = "begun"
    """The change is about to be written."""
    UNVERIFIED = "unverified"
    """It was written but could not be read back yet."""
    WAITING = "waiting"
    DEFERRED = "deferred"
    REFUSED = "refused"
    PARKED = "parked"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One audit entry of a case.

    Attributes:
        seq: its number in the case, from 1.
        at: when it was recorded.
        action: what was done or would have been done.
        outcome: how it ended.
        before: the value in the directory before, where it is known.
        after: the value that was read back, or that observe mode would have written.
        detail: one line for a person.
    """

    seq: int
    at: datetime
    action: str
    outcome: StepOutcome
    before: str | None = None
    after: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseEvent:
    """One outgoing event of a case, written with the transition that it tells of.

    Attributes:
        seq: its number in the case, from 1.
        type: what happened.
        at: when it happened.
        state: the state the case had then.
        user_id: the person, if the directory had named them by then.
        deadline: the deadline the case had then.
        observed: whether observe mode had passed over a change by then.
        reason: the code of the error, where one ended or parked the case.
        published: whether the broker has taken it.

    All that the outgoing document says is kept here, so that it is the same however often it is
    sent.
    """

    seq: int
    type: EventType
    at: datetime
    state: CaseState
    user_id: UserId | None
    deadline: datetime | None
    observed: bool
    reason: str | None
    published: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of per-user MFA state that has been announced and not yet been proven.

    It is recorded before it is written, so that the case always tells what the directory may hold.

    Attributes:
        target: the state to be written.
        before: the state that was read just before.
        begun_at: when it was recorded.
        reads: how often it was read back in vain.
    """

    target: PerUserMfaState
    before: PerUserMfaState
    begun_at: datetime
    reads: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class OnboardingPlan:
    """What an onboarding case was asked to do.

    Attributes:
        user_principal_name: whom the event named.
        employee_id: the HR number it gave; the account's own must not contradict it.
        starts_at: before this moment nothing is touched.
        enforce_by: the deadline the event asked for, where it did.
    """

    user_principal_name: UserPrincipalName
    employee_id: EmployeeId | None
    starts_at: datetime
    enforce_by: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as it stands.

    Attributes:
        case_id: its unguessable id.
        kind: what it is about.
        state: where it stands.
        source: who asked for it.
        verified_with: which of the source's two secrets the request was signed with.
        plan: what was asked for.
        user_id: the person, once the directory has named them; never changed after that.
        accepted_at: when it was accepted.
        updated_at: when it last changed.
        deadline: when the person must have registered; set once.
        wait_until: nothing is to be done before this moment; None where work is due now.
        waiting_since: when the present kind of waiting began.
        change: the change under way, where there is one.
        observed: True once observe mode has passed over a change; it stays so.
        attempts: how often in a row the work was deferred by trouble.
        parked_from: the state to go back to when the case is replayed.
        warnings: what an operator should know about it.
        steps: how many audit entries it has.
        events: how many outgoing events it has.
    """

    case_id: CaseId
    kind: CaseKind
    state: CaseState
    source: SourceName
    verified_with: str
    plan: OnboardingPlan
    accepted_at: datetime
    updated_at: datetime
    user_id: UserId | None = None
    deadline: datetime | None = None
    wait_until: datetime | None = None
    waiting_since: datetime | None = None
    change: Change | None = None
    observed: bool = False
    attempts: int = 0
    parked_from: CaseState | None = None
    warnings: tuple[str, ...] = field(default=())
    steps: int = 0
    events: int = 0

    @property
    def subject(self) -> str:
        """Whom a lease on this case is on: the person, or the case while nobody is known."""
        return self.user_id or self.case_id

    @property
    def unfinished(self) -> bool:
        """Whether there is anything left to do for it.

        That is so while it is open, and after a cancellation until a change that was under way has
        been looked at once more.
        """
        return self.state in OPEN or (self.state is CaseState.CANCELLED and self.change is not None)
