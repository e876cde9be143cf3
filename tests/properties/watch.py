"""What must hold at every write and every save, whatever happens around it.

The watch notes what it sees broken and raises nothing: a worker's own error handling must not be
able to hide it.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from shared.application.ports.cases import StoredCase
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.cases import ENDED, Case, CaseState, EventType, Step, StepOutcome
from shared.domain.control import Mode
from shared.domain.effects import Effect, Request
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.effects.methods import (
    PreferMethod,
    RegisterContact,
    RemoveMethod,
    RemoveMethods,
)
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.ids import CaseId, GroupId, UserId
from shared.domain.people.rulings import Impact
from shared.domain.plans import CaseKind, ExemptionPlan, LeaverPlan, OnboardingPlan, ResetPlan
from shared.domain.schedules import LONGEST_NOTICE
from shared.domain.state_machines import LEGAL
from shared.domain.transitions import Transition
from tests.properties.clock import WorldClock
from tests.properties.interrupting import WORKER
from tests.properties.leases import Tenure
from tests.properties.second_person import SecondPerson

STOP_HOLDS_AFTER = timedelta(seconds=10)
LEAVER_PAUSE = timedelta(hours=24)
RANK = {state: rank for rank, state in enumerate(PerUserMfaState)}
WITHDRAWAL = "withdraw-pass"
TARGETS = {"enable": PerUserMfaState.ENABLED, "enforce": PerUserMfaState.ENFORCED}


@dataclass
class Witness:
    """What one worker has read since its last write.

    Attributes:
        states: the last answer about each person's state.
        misled: the people about whom a lagging replica told something that no longer holds.
        methods: the people whose methods were read.
    """

    states: dict[UserId, PerUserMfaState | Unknown] = field(default_factory=dict)
    misled: set[UserId] = field(default_factory=set)
    methods: set[UserId] = field(default_factory=set)


class Watch:
    """Sees every read, write and save.

    Attributes:
        broken: what did not hold.
        cases: every case as it was last saved.
        changed: the cases on whose behalf the tenant was changed.
        people: whom only a second person allows to touch.
        enforcing: the group by which the strategy enforces, where it does.
    """

    def __init__(self, clock: WorldClock, protected: frozenset[UserId]) -> None:
        self.broken: list[str] = []
        self.cases: dict[CaseId, StoredCase] = {}
        self.changed: set[CaseId] = set()
        self.people = SecondPerson(clock, self.expect)
        self.enforcing: GroupId | None = None
        self._clock = clock
        self._protected = protected
        self._modes: list[tuple[datetime, Mode]] = [(clock.now(), Mode.OBSERVE)]
        self._witnesses: dict[str, Witness] = defaultdict(Witness)

    def expect(self, holds: bool, what: str) -> None:  # noqa: FBT001  (as an assertion)
        """Note what does not hold."""
        if not holds:
            self.broken.append(f"{WORKER.get()}: {what}")

    def mode_set(self, mode: Mode) -> None:
        """An operator sets the mode."""
        self._modes.append((self._clock.now(), mode))

    def state_read(self, user: UserId, answer: PerUserMfaState | Unknown, *, stale: bool) -> None:
        """A worker is told a state."""
        self._witness.states[user] = answer
        self._witness.misled.discard(user)
        if stale:
            self._witness.misled.add(user)

    def methods_read(self, user: UserId) -> None:
        """A worker is told the methods."""
        self._witness.methods.add(user)

    def about_to_write(
        self, user: UserId, effect: Request, lease: object, *, registered: bool
    ) -> CaseId | None:
        """A write reaches the tenant; the case that told of it before.

        Args:
            user: whom it is about.
            effect: what is written.
            lease: what the writer holds.
            registered: whether the person truly has a method.
        """
        case = self._case_that_announced(user, effect)
        self.expect(case is not None, f"{effect} is written and no case tells it")
        enforces = effect in (SetMfaState(PerUserMfaState.ENFORCED), _joining(self.enforcing))
        # What an exemption puts back was so before it, and was agreed to with its end.
        anew = enforces and not registered and not _exempts(case)
        impact = Impact.ENFORCE_UNREGISTERED if anew else effect.impact
        self.reaches(user, impact, case, lease)
        if isinstance(effect, SetMfaState):
            self.expect(self.enforcing is None, "the group strategy writes a per-user state")
            seen = self._witness.states.pop(user, None)
            self.expect(isinstance(seen, PerUserMfaState), f"written over {seen}")
            if isinstance(seen, PerUserMfaState):
                lowers = _exempts(case) and effect.state is PerUserMfaState.DISABLED
                raises = RANK[seen] < RANK[effect.state]
                self.expect(raises or lowers, f"{effect.state} is written over {seen}")
        if case is None:
            return None
        self._look_at_plan(case, effect)
        return case.case_id

    def reaches(self, user: UserId, impact: Impact, case: Case | None, lease: object) -> None:
        """Something that is not merely read reaches the tenant."""
        self.expect(user not in self._protected, "a protected account is written")
        self.people.check(user, impact, case)
        holds = isinstance(lease, Tenure) and lease.subject == user and lease.holds()
        self.expect(holds, "written without the lease on the person")
        if isinstance(lease, Tenure):
            lease.confirmed = False
        self.expect(self._may_have_acted(), "written while the mode was not `act`")

    def _look_at_plan(self, case: Case, effect: Request) -> None:
        now = self._clock.now()
        match case.plan:
            case OnboardingPlan() as plan:
                self.expect(plan.starts_at <= now, "written before the start date")
                ours = isinstance(effect, SetMfaState | AddToGroup | RegisterContact)
                self.expect(ours, f"onboarding writes {effect}")
            case LeaverPlan() as plan:
                self.expect(plan.effective_at <= now, "written before the person left")
                self.expect(not isinstance(effect, SetMfaState), "a leaver's MFA is written")
                kept = now < plan.effective_at + LEAVER_PAUSE
                early = kept and isinstance(effect, RemoveMethod)
                self.expect(not early, "a method is removed too early")
            case ExemptionPlan():
                ours = isinstance(effect, SetMfaState | AddToGroup | RemoveFromGroup)
                self.expect(ours, f"an exemption writes {effect}")
            case ResetPlan():
                ours = effect.impact in {Impact.CONTAIN, Impact.READMIT}
                self.expect(ours, f"a reset writes {effect}")

    def written(
        self,
        user: UserId,
        case_id: CaseId | None,
        before: PerUserMfaState,
        after: PerUserMfaState,
    ) -> None:
        """The tenant has carried a write out."""
        knew = user not in self._witness.misled
        lowered = RANK[after] < RANK[before]
        exempts = case_id is not None and _exempts(self.cases[case_id].case)
        self.expect(not (knew and lowered) or exempts, f"downgraded: {before} to {after}")
        if case_id is not None:
            self.changed.add(case_id)

    def saved(self, before: StoredCase | None, now: StoredCase, transition: Transition) -> None:
        """A case was saved."""
        case = transition.case
        self.cases[case.case_id] = now
        if before is not None:
            self._compare(before, case, transition.step)
        if transition.step is not None:
            self.expect(transition.step.seq == len(now.steps), "an audit entry is missing")
            self._look_at(case, transition.step)

    def _compare(self, before: StoredCase, new: Case, step: Step | None) -> None:
        old = before.case
        moved = new.state is not old.state
        # After a cancellation, once: what the change under way came to.
        bears_witness = old.unfinished and not moved and new.change is None
        # A pass that nobody was given is withdrawn whatever became of the case meanwhile.
        withdraws = step is not None and step.action == WITHDRAWAL and not moved
        ended = old.state in ENDED and not bears_witness and not withdraws
        self.expect(not ended, f"an ended case is saved: {old.state}")
        self.expect(
            not moved or new.state in LEGAL[old.kind][old.state], f"{old.state} -> {new.state}"
        )
        self.expect(old.user_id in (None, new.user_id), "the person of a case changed")
        # An exemption's end can be brought forward; a ticket may join another, and go on alone.
        resets = new.kind is CaseKind.RESET
        kept = old.deadline in (None, new.deadline) or _exempts(new) or resets
        kept = kept or _put_off(before, new)
        self.expect(kept, "a deadline was set twice")
        confirmed = new.kind is CaseKind.ENROLMENT
        if new.approval not in {None, old.approval} and not confirmed:
            self.people.approved(old, new)

    def _look_at(self, case: Case, step: Step) -> None:
        user = case.user_id
        if step.outcome is StepOutcome.DONE and step.action in TARGETS and user is not None:
            seen = self._witness.states.get(user)
            self.expect(step.after == seen, f"{step.action} is done at {step.after}, read {seen}")
            reached = PerUserMfaState(step.after or "")
            self.expect(RANK[reached] >= RANK[TARGETS[step.action]], f"done at {reached}")
        begins = step.outcome is StepOutcome.BEGUN and step.action in TARGETS
        if begins and user is not None:
            seen = self._witness.states.get(user)
            self.expect(step.before == seen, f"begun from {step.before}, read {seen}")
        waits = (
            case.kind is CaseKind.ONBOARDING
            and step.outcome is StepOutcome.WAITING
            and case.state
            in {
                CaseState.WAITING_REGISTRATION,
                CaseState.OVERDUE,
            }
        )
        known = user in self._witness.methods
        self.expect(not waits or known, "called unregistered without a reading of the methods")

    def _case_that_announced(self, user: UserId, effect: Request) -> Case | None:
        for stored in self.cases.values():
            change = stored.case.change
            if stored.case.user_id == user and change is not None and asks(change.effect, effect):
                begun = [step for step in stored.steps if step.outcome is StepOutcome.BEGUN]
                told = bool(begun) and begun[-1].action == change.effect.action
                return stored.case if told else None
        return None

    def _may_have_acted(self) -> bool:
        since = self._clock.now() - STOP_HOLDS_AFTER
        later = [moment for moment, _ in self._modes[1:]] + [self._clock.now()]
        return any(
            mode is Mode.ACT and until >= since
            for (_, mode), until in zip(self._modes, later, strict=True)
        )

    @property
    def _witness(self) -> Witness:
        return self._witnesses[WORKER.get()]


def asks(announced: Effect, request: Request) -> bool:
    """Whether a request is part of what was announced."""
    if not isinstance(announced, RemoveMethods):
        return announced == request
    preferred = isinstance(request, PreferMethod) and request.preference in announced.preferences()
    return preferred or request in announced.each()


def _joining(group: GroupId | None) -> AddToGroup | None:
    return None if group is None else AddToGroup(group)


def _put_off(before: StoredCase, new: Case) -> bool:
    """Whether an onboarding's deadline is later now, and nobody could have read of it in time."""
    was, now = before.case.deadline, new.deadline
    if new.kind is not CaseKind.ONBOARDING or was is None or now is None or now < was:
        return False
    reminders = (event for event in before.events if event.type is EventType.REMINDER)
    taken = (event.published_at for event in reminders)
    return not any(at is not None and at + LONGEST_NOTICE <= was for at in taken)


def _exempts(case: Case | None) -> bool:
    return case is not None and case.kind is CaseKind.EXEMPTION
