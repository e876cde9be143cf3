"""Whether there is a Temporary Access Pass for a person now, and on which terms."""

from dataclasses import dataclass

from shared.application.guarded_passes import PassGuard
from shared.application.looking import capability
from shared.application.ports.cases import Cases, StoredCase
from shared.application.ports.clock import Clock
from shared.application.ports.control import Modes, Suspensions
from shared.application.ports.directory import Directory
from shared.application.ports.passes import PassChecks
from shared.domain.approvals import is_approved
from shared.domain.authentication import MethodType
from shared.domain.control import Mode
from shared.domain.errors.control import Observing, Stopped
from shared.domain.errors.passes import NotReady, PassNeedsApproval
from shared.domain.errors.requests import SourceSuspended
from shared.domain.ids import UserId
from shared.domain.passes.collecting import (
    PassRules,
    asked,
    called_for,
    check_case,
    check_methods,
    check_sign_in,
    let_in_by,
)
from shared.domain.passes.methods_policy import PassTerms, allowed_terms
from shared.domain.people.rulings import Impact
from shared.domain.reset.progress import Block
from shared.domain.schedules import Rules


@dataclass(frozen=True, slots=True)
class Found:
    """A pass that may be made.

    Attributes:
        user: for whom.
        terms: what it is like.
        replaces: whether it takes the place of another one.
    """

    user: UserId
    terms: PassTerms
    replaces: bool


@dataclass(frozen=True, slots=True)
class FindTerms:
    """Checks everything there is to check before a pass is made."""

    cases: Cases
    directory: Directory
    checks: PassChecks
    guard: PassGuard
    modes: Modes
    suspensions: Suspensions
    clock: Clock
    rules: Rules
    pass_rules: PassRules

    async def __call__(self, stored: StoredCase, by: str) -> Found:
        """Whom the pass is for, and what it may be.

        Where something has to come first, it is asked for in the case: that what is in the old
        device is removed, or that somebody approves.

        Args:
            stored: the case.
            by: object id of the signed-in person who asks for it.

        Raises:
            LifecycleError: there is no pass, or not now.
        """
        case = stored.case
        # Before anything else: to call for a pass already sets a reset going.
        if await self.suspensions.is_suspended(case.source):
            raise SourceSuspended(f"What {case.source} asked for rests while it is suspended.")
        called = called_for(case, by, self.clock.now())
        if called is not None:
            await self.cases.save(stored, called)
            raise NotReady("What is in the old device is being removed. Ask again in a minute.")
        user = check_case(case, stored.steps, by, self.pass_rules)
        match await self.modes.mode(capability(case)):
            case Mode.STOP:
                raise Stopped(f"The capability {case.kind} is stopped.")
            case Mode.OBSERVE:
                raise Observing(f"The capability {case.kind} only observes.")
            case Mode.ACT:
                pass
        ours = case.reset.block is Block.OURS
        check_sign_in(await self.checks.sign_in(user), ours_to_lift=ours)
        policy = await self.checks.policy()
        groups = frozenset[str]()
        if policy.groups:
            groups = await self.checks.groups_of(user, policy.groups)
        terms = allowed_terms(policy, groups, self.pass_rules.wish)
        try:
            approved = is_approved(case, Impact.GIVE_PASS, self.clock.now())
            await self.guard.check(user, let_in_by(case), approved=approved)
        except PassNeedsApproval as error:
            asking = asked(case, by, self.rules, self.clock.now(), why=error.detail)
            await self.cases.save(stored, asking)
            raise
        # Last of all: the person may be registering at this moment.
        methods = await self.directory.methods(user)
        check_methods(methods, case.reset.doubtful)
        had = {method.method_type for method in methods}
        return Found(user, terms, replaces=MethodType.TEMPORARY_ACCESS_PASS in had)
