"""Who may collect a pass for whom, and what the case says about it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from shared.domain.accounts import NoAccount
from shared.domain.approvals import ask
from shared.domain.authentication import (
    AuthenticationMethod,
    MethodType,
    Unknown,
    is_registered,
)
from shared.domain.cases import Case, CaseState, EventType, Step, StepOutcome
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import StateUnknown
from shared.domain.errors.passes import (
    AlreadyRegistered,
    NotReady,
    OwnPass,
    PassesUsedUp,
    RegistersElsewhere,
)
from shared.domain.errors.people import AccountDisabled, AccountNotFound, GuestAccount
from shared.domain.ids import UserId
from shared.domain.passes.given import GivenPass
from shared.domain.passes.methods_policy import PassTerms
from shared.domain.people.rulings import Impact
from shared.domain.plans import ResetPlan
from shared.domain.reset.progress import Block
from shared.domain.schedules import Rules
from shared.domain.transitions import Transition, move, record

ACTION: Final = "pass"
_WAITS_FOR_THE_PERSON: Final = frozenset({CaseState.WAITING_REGISTRATION, CaseState.OVERDUE})


@dataclass(frozen=True, slots=True, kw_only=True)
class PassRules:
    """The settings about passes.

    Attributes:
        wish: what a pass is to be, where the tenant's policy lets it.
        most_per_case: how many may be collected for a case.
        most_per_hour: how many one person may collect in an hour.
    """

    wish: PassTerms
    most_per_case: int
    most_per_hour: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SignIn:
    """How a person signs in.

    Attributes:
        enabled: False where sign-in is blocked.
        guest: True for a guest of another organisation.
        federated: whether another identity provider signs them in.
    """

    enabled: bool
    guest: bool
    federated: bool | Unknown


def called_for(case: Case, by: str, now: datetime) -> Transition | None:
    """The reset of somebody whose device is replaced and who has come for a pass; else None.

    What is in the old device goes now, and then there is a pass.
    """
    if not isinstance(case.plan, ResetPlan) or case.state is not CaseState.AWAITING_COLLECTION:
        return None
    called = replace(case.reset, called_for_at=now)
    return record(
        replace(
            move(case, CaseState.ACCEPTED),
            reset=called,
            collectors=case.collectors | {by},
            deadline=None,
            wait_until=None,
        ),
        now,
        action="call-for-pass",
        outcome=StepOutcome.DONE,
        detail=f"Asked for by {by}. What is in the old device is removed first.",
    )


def let_in_by(case: Case) -> Impact:
    """What a pass comes to: where the case has blocked the account, the block goes for it, too."""
    return Impact.READMIT if case.reset.block is Block.OURS else Impact.GIVE_PASS


def check_case(case: Case, steps: Sequence[Step], by: str, rules: PassRules) -> UserId:
    """See whether a case is at the point where this person may collect a pass; whom it is for.

    Raises:
        NotReady: the case does not wait for the person to register.
        OwnPass: the collector asked for the case, approved it, or is the one it is about.
        PassesUsedUp: the case has had its passes.
    """
    user = case.user_id
    if user is None or case.state not in _WAITS_FOR_THE_PERSON or case.change is not None:
        raise NotReady(f"The case is {case.state}; a pass is for who is waited for to register.")
    if by.casefold() in {one.casefold() for one in case.actors | case.approvers | {user}}:
        raise OwnPass("Who asked for the case, approved it or is meant by it collects no pass.")
    handed_out = sum(step.action == ACTION and step.outcome is StepOutcome.DONE for step in steps)
    if handed_out >= rules.most_per_case:
        raise PassesUsedUp(f"{handed_out} passes were collected for this case; that is the most.")
    return user


def check_sign_in(sign_in: SignIn | NoAccount, *, ours_to_lift: bool) -> None:
    """See whether a pass would let the person in, and may.

    Args:
        sign_in: how they sign in.
        ours_to_lift: whether the case has blocked the account itself, until a pass is collected.

    Raises:
        LifecycleError: it would not, or it may not.
    """
    if isinstance(sign_in, NoAccount):
        raise AccountNotFound("The directory has no such account any more.")
    if sign_in.guest:
        raise GuestAccount("The account is a guest.")
    if not sign_in.enabled and not ours_to_lift:
        raise AccountDisabled("The account is blocked.")
    match sign_in.federated:
        case Unknown(reason):
            raise StateUnknown(reason)
        case True:
            raise RegistersElsewhere("Another identity provider signs the person in.")
        case False:
            pass


def check_methods(methods: Sequence[AuthenticationMethod], untrusted: Sequence[str] = ()) -> None:
    """See whether the person has no method of their own to sign in with.

    Args:
        methods: what they have.
        untrusted: those that may be in a lost device, each by its type and id.

    Raises:
        AlreadyRegistered: they have one.
        StateUnknown: they have one of a kind that is not known, and it may be one.
    """
    trusted = tuple(one for one in methods if str(one) not in untrusted)
    if is_registered(trusted):
        raise AlreadyRegistered("The person has registered and needs no pass.")
    if any(method.method_type is MethodType.UNRECOGNISED for method in trusted):
        raise StateUnknown("The person has a method of a kind that we don't know.")


def asked(case: Case, by: str, rules: Rules, now: datetime, *, why: str) -> Transition:
    """The case, waiting for an approval that its pass needs."""
    asking = replace(case, collectors=case.collectors | {by})
    return ask(asking, Impact.GIVE_PASS, rules, now, why=f"A pass was asked for by {by}. {why}")


def announced(case: Case, by: str, now: datetime, *, replaces: bool) -> Transition:
    """The case, about to have a pass made."""
    return record(
        replace(case, collectors=case.collectors | {by}),
        now,
        action=ACTION,
        outcome=StepOutcome.BEGUN,
        detail=f"Asked for by {by}." + (" It takes the place of another one." if replaces else ""),
    )


def collected(case: Case, by: str, given: GivenPass, now: datetime) -> Transition:
    """The case with a pass that is about to be handed out."""
    uses = "once" if given.usable_once else "more than once"
    return record(
        replace(
            case,
            reset=replace(case.reset, collected_at=now, pass_until=given.expires_at, pass_of=None),
            wait_until=None,
        ),
        now,
        action=ACTION,
        outcome=StepOutcome.DONE,
        after=given.expires_at.isoformat(),
        detail=f"Collected by {by}. Usable {uses}, until {given.expires_at.isoformat()}.",
        event=EventType.PASS_COLLECTED,
    )


def refused(
    case: Case, steps: Sequence[Step], by: str, error: LifecycleError, now: datetime
) -> Transition | None:
    """The case with a refusal on record; None where the last entry says the same already."""
    detail = f"Asked for by {by}. {error.code}: {error.detail}"
    last = steps[-1] if steps else None
    if last is not None and last.outcome is StepOutcome.REFUSED and last.detail == detail:
        return None
    return record(case, now, action=ACTION, outcome=StepOutcome.REFUSED, detail=detail)
