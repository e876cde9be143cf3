"""What is prepared before a person is enabled: contact methods and groups.

It comes before enabling, not after: a phone that was registered first closes the time in which
whoever holds the password could register one, and Entra then moves the account on to `enforced` by
itself. An account that nobody has used is also easiest to tell before anybody was asked to sign in.

Nothing here stands in the way of enabling: what can't be done is told in the case and passed over.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Final, assert_never

from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.authentication import Unknown
from shared.domain.cases import OPEN, Case, CaseState, Change, Step, StepOutcome
from shared.domain.changing import change, prove
from shared.domain.effects.groups import AddToGroup
from shared.domain.effects.methods import RegisterContact
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.people import AccountDisabled
from shared.domain.facts import Fact, Facts
from shared.domain.ids import GroupId
from shared.domain.onboarding.contacting import CONTACT_FACTS, CONTACTS, objection
from shared.domain.onboarding.former_methods import (
    after_trouble_removing,
    settle_former_methods,
)
from shared.domain.plans import OnboardingPlan
from shared.domain.preparations import Preparation, Prepared
from shared.domain.schedules import Rules
from shared.domain.strategies import ByGroup
from shared.domain.transitions import Transition, record

ATTEMPTS: Final = 3
"""How often trouble may defer a preparation before the case goes on without it."""

_NEEDED: Final = {
    Preparation.FORMER_METHODS: frozenset({Fact.METHODS, Fact.PRIVILEGE}),
    Preparation.EMAIL: CONTACT_FACTS,
    Preparation.MOBILE: CONTACT_FACTS,
    Preparation.SSPR_GROUP: frozenset({Fact.MEMBERSHIPS}),
    Preparation.ENFORCEMENT_GROUP: frozenset({Fact.MEMBERSHIPS}),
}
_BEFORE_ENABLED: Final = frozenset(
    {CaseState.ACCEPTED, CaseState.WAITING_START, CaseState.WAITING_ACCOUNT}
)


def prepare(
    case: Case, plan: OnboardingPlan, facts: Facts, rules: Rules, now: datetime
) -> Action | None:
    """What to prepare next; None where nothing is left."""
    preparation = next(_left(case, plan, rules), None)
    match preparation:
        case None:
            return None
        case Preparation.FORMER_METHODS:
            return settle_former_methods(case, facts, rules, now)
        case Preparation.EMAIL | Preparation.MOBILE:
            action = _register(case, plan, facts, preparation, now)
        case Preparation.SSPR_GROUP | Preparation.ENFORCEMENT_GROUP:
            action = _join(case, facts, preparation, _group(preparation, rules), now)
        case _:
            assert_never(preparation)
    return _noted(action, preparation)


def is_preparation(case: Case, begun: Change) -> bool:
    """Whether a change under way is a preparation: the case stays where it is by it."""
    return begun.then is case.state and case.state in _BEFORE_ENABLED


def prove_prepared(
    case: Case, plan: OnboardingPlan, facts: Facts, rules: Rules, now: datetime
) -> Action:
    """Write and read back a preparation; what stays unverified is passed over."""
    begun, preparation = case.change, next(_left(case, plan, rules), None)
    if begun is None or preparation is None:
        # The settings no longer ask for it.
        return Advance(Transition(case=replace(case, change=None, wait_until=None)))
    value = begun.effect.seen(facts)
    unproven = isinstance(value, str) and not begun.effect.holds(value)
    if unproven and begun.reads >= len(rules.read_back):
        return Advance(
            _skipped(case, preparation, "it was written and could not be read back", now)
        )
    return _noted(prove(case, begun, facts, rules, now), preparation)


def after_trouble(
    case: Case, action: Action, error: LifecycleError, rules: Rules, now: datetime
) -> Transition | None:
    """The case without what could not be prepared; None where the trouble is of another kind.

    Trouble that may pass is left to the usual deferral, a few times.
    """
    match case.plan:
        case OnboardingPlan() if case.state is CaseState.REMOVING_METHODS:
            if isinstance(error, AccountDisabled) or _is_passed_over(case, error):
                return after_trouble_removing(case, error, now)
            return None
        case OnboardingPlan() as plan if case.state in _BEFORE_ENABLED:
            preparation = next(_left(case, plan, rules), None)
        case _:
            return None
    if preparation is None or not _concerns(case, action, preparation):
        return None
    if not _is_passed_over(case, error):
        return None
    return _skipped(case, preparation, error.code, now)


def needs_contact(case: Case) -> bool:
    """Whether the contact data that is kept for a case may still be used."""
    match case.plan:
        case OnboardingPlan(contacts=told) if case.state in OPEN:
            return any(
                kind in told and preparation not in case.preparations
                for preparation, kind in CONTACTS.items()
            )
        case _:
            return False


def had_contact(case: Case) -> bool:
    """Whether contact data was ever kept for a case."""
    match case.plan:
        case OnboardingPlan(contacts=told):
            return bool(told)
        case _:
            return False


def _left(case: Case, plan: OnboardingPlan, rules: Rules) -> Iterator[Preparation]:
    for preparation in Preparation:
        if preparation in case.preparations:
            continue
        match preparation:
            case Preparation.FORMER_METHODS:
                wanted = plan.rehire
            case Preparation.EMAIL | Preparation.MOBILE:
                wanted = CONTACTS[preparation] in plan.contacts
            case Preparation.SSPR_GROUP | Preparation.ENFORCEMENT_GROUP:
                wanted = _group(preparation, rules) is not None
            case _:
                assert_never(preparation)
        if wanted:
            yield preparation


def _group(preparation: Preparation, rules: Rules) -> GroupId | None:
    if preparation is Preparation.SSPR_GROUP:
        return rules.sspr_group
    # Where membership is the strategy, joining is enforcing, and that has its own time.
    return None if isinstance(rules.strategy, ByGroup) else rules.enforcement_group


def _register(
    case: Case,
    plan: OnboardingPlan,
    facts: Facts,
    preparation: Preparation,
    now: datetime,
) -> Action:
    kind = CONTACTS[preparation]
    match objection(case, plan, facts, kind, now):
        case Look() | Fail() as action:
            return action
        case str() as why:
            return Advance(_skipped(case, preparation, why, now))
        case None:
            pass
    effect = RegisterContact(kind, case.case_id)
    return change(case, facts, effect, now, before=str(effect.seen(facts)), then=case.state)


def _join(
    case: Case, facts: Facts, preparation: Preparation, group: GroupId | None, now: datetime
) -> Action:
    if group is None:
        raise TypeError("A group that no setting names is not to be joined.")
    effect = AddToGroup(group)
    match effect.seen(facts):
        case None:
            return Look(Fact.MEMBERSHIPS)
        case Unknown(reason):
            return Advance(_skipped(case, preparation, reason, now))
        case str() as value if effect.holds(value):
            return Advance(
                record(
                    replace(case, wait_until=None, attempts=0),
                    now,
                    action=effect.action,
                    outcome=StepOutcome.DONE,
                    before=value,
                    after=value,
                    detail="Nothing was written: the person was a member already.",
                )
            )
        case str() as value:
            return change(case, facts, effect, now, before=value, then=case.state)


def _noted(action: Action, preparation: Preparation) -> Action:
    """The action; where a preparation ends with it, the case remembers that."""
    match action:
        case Advance(
            Transition(
                case=case, step=Step(outcome=StepOutcome.DONE | StepOutcome.WOULD as outcome)
            )
        ):
            came = Prepared.DONE if outcome is StepOutcome.DONE else Prepared.NOT_DONE
            behind = {**case.preparations, preparation: came}
            changed = replace(action.transition, case=replace(case, preparations=behind))
            return Advance(changed)
        case _:
            return action


def _skipped(case: Case, preparation: Preparation, why: str, now: datetime) -> Transition:
    came = Prepared.NOT_DONE if case.change is None else Prepared.UNVERIFIED
    return record(
        replace(
            case,
            preparations={**case.preparations, preparation: came},
            change=None,
            wait_until=None,
            attempts=0,
        ),
        now,
        action=preparation,
        outcome=StepOutcome.SKIPPED,
        detail=f"preparation skipped: {why.rstrip('.')}.",
    )


def _concerns(case: Case, action: Action, preparation: Preparation) -> bool:
    """Whether trouble with an action is trouble with a preparation."""
    if case.change is not None:
        return is_preparation(case, case.change)
    match action:
        case Look(fact):
            return fact in _NEEDED[preparation]
        case _:
            return False


def _is_passed_over(case: Case, error: LifecycleError) -> bool:
    match error.disposition:
        case Disposition.DEFER:
            return error.uses_attempt and case.attempts >= ATTEMPTS
        case Disposition.PARK:
            return True
        case Disposition.REDELIVER | Disposition.REFUSE:
            return False
