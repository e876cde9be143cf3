"""The case: our record of one request about one person."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final

from shared.domain.budgets.flows import Budget
from shared.domain.effects import Effect
from shared.domain.ids import CaseId, SourceName, UserId
from shared.domain.people.rulings import Impact
from shared.domain.plans import CaseKind, Plan, ResetPlan
from shared.domain.preparations import Preparation, Prepared
from shared.domain.reset.app_passwords import AppPasswords
from shared.domain.reset.progress import NOTHING_YET, ResetProgress

PEOPLE: Final = SourceName("people")
"""The source of cases that a signed-in person asked for; no HR source is named so."""
SWEEP: Final = SourceName("people:swept")
"""The source of cases that the sweep asked for; no HR source can have such a name."""
QUEUE: Final = SourceName("queue")
"""The source of tickets that come on the queue; no source of webhooks is named so."""
SIGN_IN: Final = "sign-in"
"""What such a request is verified with."""


class CaseState(StrEnum):
    """Where a case stands."""

    ACCEPTED = "accepted"
    WAITING_START = "waiting-start"
    WAITING_ACCOUNT = "waiting-account"
    REMOVING_METHODS = "removing-methods"
    ENABLED = "enabled"
    WAITING_REGISTRATION = "waiting-registration"
    WAITING_EFFECTIVE = "waiting-effective"
    SESSIONS_REVOKED = "sessions-revoked"
    WAITING_DISABLED = "waiting-disabled"
    OVERDUE = "overdue"
    ENFORCED = "enforced"
    AWAITING_APPROVAL = "awaiting-approval"
    ACTIVE = "active"
    AWAITING_CONFIRMATION = "awaiting-confirmation"
    ENROLLING = "enrolling"
    JOINED = "joined"
    AWAITING_COLLECTION = "awaiting-collection"
    CONTAINED = "contained"
    METHODS_REMOVED = "methods-removed"
    HELD = "held"
    COMPLETED = "completed"
    ENDED = "ended"
    REFUSED = "refused"
    PARKED = "parked"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


ENDED: Final = frozenset(
    {
        CaseState.COMPLETED,
        CaseState.ENDED,
        CaseState.REFUSED,
        CaseState.SUPERSEDED,
        CaseState.CANCELLED,
    }
)
"""States that a case never leaves."""

OPEN: Final = frozenset(CaseState) - ENDED - {CaseState.PARKED}
"""States in which a case moves by itself."""

NOT_BEGUN: Final = frozenset(
    {
        CaseState.ACCEPTED,
        CaseState.WAITING_START,
        CaseState.WAITING_ACCOUNT,
        CaseState.WAITING_EFFECTIVE,
    }
)
"""States in which a case without a change under way has changed nothing."""

BEGUN: Final = OPEN - NOT_BEGUN
"""States of a case that moves by itself and has changed something."""

SETTLED_RESETS: Final = ENDED | {CaseState.JOINED}
"""States in which a reset says nothing to another one of the same person."""


class EventType(StrEnum):
    """What we tell the world about a case."""

    ACCEPTED = "mfa.case.accepted"
    WAITING = "mfa.case.waiting"
    REMINDER = "mfa.case.reminder"
    OVERDUE = "mfa.case.overdue"
    APPROVAL_REQUESTED = "mfa.case.approval-requested"
    COMPLETED = "mfa.case.completed"
    REFUSED = "mfa.case.refused"
    PARKED = "mfa.case.parked"
    SUPERSEDED = "mfa.case.superseded"
    CONTRADICTED = "mfa.case.contradicted"
    """Its event came again with other content, which was not taken."""
    CANCELLED = "mfa.case.cancelled"
    PASS_COLLECTED = "mfa.pass.collected"  # noqa: S105  (the name of an event)
    EXEMPTION_EXPIRING = "mfa.exemption.expiring"
    EXEMPTION_ENDED = "mfa.exemption.ended"
    CONTAINED = "mfa.case.contained"
    """The lost device opens no new session any more."""
    HELD = "mfa.case.held"
    """It waits until somebody lets more of its kind go on."""
    MANUAL_ACTION = "mfa.apppasswords.manual-action"
    """A human has to delete app passwords."""
    SUSPECT_REGISTRATION = "mfa.registration.suspect"
    """A method appeared that nobody was given a pass to register."""


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
    SKIPPED = "skipped"
    """It was not done, and the case goes on without it."""
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
        ticket_id: the ticket that it answers, where a ticket asked for the case.
        ticket_system: the system that sent that ticket, where the ticket says so.
        manager: whom the person reports to, of a reset, for a notice.
        removed: the types of the methods that a reset has removed.
        app_passwords: what is known of the person's app passwords, of a reset.
        left_to_do: what is left to do, and by whom, of a reset.
        published_at: when the broker took it; None where it has not.

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
    ticket_id: str | None = None
    ticket_system: str | None = None
    manager: UserId | None = None
    removed: tuple[str, ...] = ()
    app_passwords: AppPasswords | None = None
    left_to_do: tuple[str, ...] = ()
    published_at: datetime | None = None

    @property
    def published(self) -> bool:
        """Whether the broker has taken it."""
        return self.published_at is not None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A change of the directory that has been announced and not yet been proven.

    It is recorded before it is written, so that the case always tells what the directory may hold.

    Attributes:
        effect: what is to be written.
        before: what was read just before.
        begun_at: when it was recorded.
        then: the state of the case once it is proven.
        reads: how often it was read back in vain.
    """

    effect: Effect
    before: str
    begun_at: datetime
    then: CaseState
    reads: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Approval:
    """A person's word that a case may do what needs a second person (safety rule S2).

    Attributes:
        plan_hash: what they agreed to.
        by: their object id.
        at: when.
    """

    plan_hash: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A case as it stands.

    Attributes:
        case_id: its unguessable id.
        state: where it stands.
        source: who asked for it.
        verified_with: which of the source's two secrets the request was signed with.
        plan: what was asked for.
        user_id: the person, once the directory has named them; never changed after that.
        accepted_at: when it was accepted.
        updated_at: when it last changed.
        deadline: when the person must have registered, or the account of a leaver must be disabled,
            set once, and put off only where nobody could be reminded of it in time; when an
            exemption ends.
        wait_until: nothing is to be done before this moment; None where work is due now.
        waiting_since: when the present kind of waiting began.
        change: the change under way, where there is one.
        reminders: how many times the person was reminded of the deadline.
        missing_since: since when the directory has not known the person any more.
        cleared_since: since when a list has shown no authentication method that can be removed.
        stays_in_group: True where a leaver could not be taken out of the group for password reset.
        before: what the case found where it has to put something back; kept from the moment at
            which its change was announced.
        observed: True once observe mode has passed over a change; it stays so.
        attempts: how often in a row the work was deferred by trouble.
        parked_from: the state to go back to when the case is replayed.
        asked_from: the state to go back to when the case is approved.
        held_from: the state to go back to when its flow goes on.
        held_for: the budget that it waits for, or waited for last.
        held_since: since when it waits.
        asked_for: what it asked an approval for, the last time that it did.
        asked_about: the things, each by its type and id, that it asked for then; no others may be
            touched on the strength of the answer. Empty where the plan says it all.
        approval: the approval that was given, where one was.
        actors: the object ids of the people who asked for it or took it up again.
        approvers: the object ids of everybody who ever approved it; they collect no pass for it.
        collectors: the object ids of who asked for a pass for it; they don't approve it.
        preparations: what of the preparation is behind it, and what came of it.
        parts_done: how many parts of its list an enrolment has behind it, of the work at hand.
        reset: how far a reset has come.
        gives_way_to: the case about the same person that makes it needless, or would once it began.
        called_off_by: the object id of who cancelled it; None where it ended by itself, as by a
            leaver's case.
        warnings: what an operator should know about it.
        steps: how many audit entries it has.
        events: how many outgoing events it has.
    """

    case_id: CaseId
    state: CaseState
    source: SourceName
    verified_with: str
    plan: Plan
    accepted_at: datetime
    updated_at: datetime
    user_id: UserId | None = None
    deadline: datetime | None = None
    wait_until: datetime | None = None
    waiting_since: datetime | None = None
    change: Change | None = None
    reminders: int = 0
    missing_since: datetime | None = None
    cleared_since: datetime | None = None
    stays_in_group: bool = False
    before: str | None = None
    observed: bool = False
    attempts: int = 0
    parked_from: CaseState | None = None
    asked_from: CaseState | None = None
    held_from: CaseState | None = None
    held_for: Budget | None = None
    held_since: datetime | None = None
    asked_for: Impact | None = None
    asked_about: frozenset[str] = frozenset()
    approval: Approval | None = None
    actors: frozenset[str] = frozenset()
    approvers: frozenset[str] = frozenset()
    collectors: frozenset[str] = frozenset()
    preparations: Mapping[Preparation, Prepared] = field(default_factory=dict, hash=False)
    parts_done: int = 0
    reset: ResetProgress = NOTHING_YET
    gives_way_to: CaseId | None = None
    called_off_by: str | None = None
    warnings: tuple[str, ...] = field(default=())
    steps: int = 0
    events: int = 0

    @property
    def kind(self) -> CaseKind:
        """What it is about."""
        return self.plan.kind

    @property
    def about(self) -> UserId | None:
        """The person; None while nobody knows who it is.

        A ticket that names somebody by object id is about nobody else, so it is held and listed
        with them from the first moment on, before they have been found.
        """
        named = self.plan.user_id if isinstance(self.plan, ResetPlan) else None
        return self.user_id or named

    @property
    def subject(self) -> str:
        """Whom a lease on this case is on: the person, or the case while nobody is known."""
        return self.about or self.case_id

    @property
    def stage(self) -> CaseState:
        """Where it stands, or stood before it was held."""
        return self._before_held(self.state)

    @property
    def reached(self) -> CaseState:
        """How far it has come: where it stands, or stood before it was set aside."""
        return self._before_held(self.asked_from or self.parked_from or self.state)

    def _before_held(self, state: CaseState) -> CaseState:
        return self.held_from or state if state is CaseState.HELD else state

    @property
    def must_put_back(self) -> bool:
        """Whether it may have changed what it has to put back in the end.

        Such a case is neither cancelled nor refused, and parked it is taken up again by itself.
        """
        return self.before is not None and not self.observed and self.state not in ENDED

    @property
    def unfinished(self) -> bool:
        """Whether there is anything left to do for it.

        That is so while it is open, after a cancellation until a change that was under way has
        been looked at once more, and where it is parked but taken up again by itself.
        """
        match self.state:
            case CaseState.CANCELLED:
                return self.change is not None
            case CaseState.PARKED:
                return self.wait_until is not None
            case _:
                return self.state in OPEN
