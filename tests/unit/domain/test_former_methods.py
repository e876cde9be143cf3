"""What a rehired person has from before, decision by decision."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.approvals import APPROVAL_LASTS, approve, plan_hash
from shared.domain.authentication import AuthenticationMethod, MethodType, Unknown
from shared.domain.cases import Case, CaseState, EventType, StepOutcome
from shared.domain.control import Mode
from shared.domain.effects.methods import RemoveMethods
from shared.domain.errors import LifecycleError
from shared.domain.errors.control import Stopped
from shared.domain.errors.directory import (
    AccountNotVisible,
    ChangeUnverified,
    PermissionMissing,
    PrivilegesUnreadable,
    Throttled,
)
from shared.domain.errors.people import (
    AccountDisabled,
    ExcludedAccount,
    GuestAccount,
    ProtectedAccount,
)
from shared.domain.facts import Fact, Facts
from shared.domain.failures import after_failure, cancelled
from shared.domain.onboarding.preparing import ATTEMPTS, after_trouble
from shared.domain.people.rulings import Impact
from shared.domain.people.standing import Privilege, standing_of
from shared.domain.policy import next_action
from shared.domain.preparations import Preparation, Prepared
from shared.domain.remains import what_stays
from shared.domain.schedules import FormerMethods, Rules
from shared.domain.transitions import Transition
from tests.builders import AUTHENTICATOR, NOW, PASSWORD, a_case, a_plan, an_account, pinned

REMOVE = Rules(former_methods=FormerMethods.REMOVE)
FORMER = Preparation.FORMER_METHODS
PLAIN = standing_of(an_account(), protected=False, excluded=False, privilege=Privilege.NONE)
KEY = AuthenticationMethod("new-key", MethodType.FIDO2)
KNOWN: dict[str, Any] = {
    "standing": PLAIN,
    "privilege": PLAIN,
    "mode": Mode.ACT,
    "others": (),
    "account": an_account(),
    "methods": (PASSWORD, AUTHENTICATOR),
}


def a_rehire(state: CaseState = CaseState.ACCEPTED) -> Case:
    """The case of somebody who has worked here before."""
    return pinned(a_case(state, plan=replace(a_plan(), rehire=True)))


def decide(case: Case, rules: Rules = REMOVE, **facts: Any) -> Action:  # noqa: ANN401
    """What to do next about an ordinary person, but for what a test says."""
    return next_action(case, Facts(**{**KNOWN, **facts}), rules, NOW)


def advanced(action: Action) -> Transition:
    """The transition of an action that is one."""
    assert isinstance(action, Advance)
    return action.transition


def kept(action: Action) -> str:
    """Why the methods were kept, in a case that goes on and warns of them."""
    transition = advanced(action)
    case, step = transition.case, transition.step
    assert step is not None
    assert (step.action, step.outcome) == (FORMER, StepOutcome.SKIPPED)
    assert (case.state, case.preparations[FORMER]) == (CaseState.ACCEPTED, Prepared.NOT_DONE)
    assert "microsoftAuthenticator" in case.warnings[0]
    return step.detail or ""


def approved(case: Case) -> Case:
    """The case with a second person's word."""
    asked = advanced(decide(case)).case
    assert asked.state is CaseState.AWAITING_APPROVAL
    return approve(asked, plan_hash(asked), "approver", NOW).case


def test_only_a_rehire_is_asked_about_it() -> None:
    """A joiner's methods are nobody's business before they are enabled."""
    joiner = decide(pinned(a_case()), methods=None)
    assert joiner == Look(Fact.MFA_STATE)
    assert decide(a_rehire(), methods=None) == Look(Fact.METHODS)


@pytest.mark.parametrize("methods", [(PASSWORD,), (PASSWORD, AUTHENTICATOR)])
def test_by_default_they_are_listed(methods: tuple[AuthenticationMethod, ...]) -> None:
    """The case says what there is, and goes on; a password is none of them."""
    listed = advanced(decide(a_rehire(), Rules(), methods=methods))
    assert listed.step is not None
    assert listed.step.action == "list-former-methods"
    assert listed.step.before == ("none" if len(methods) == 1 else "microsoftAuthenticator m1")
    assert decide(listed.case, Rules(), methods=methods) == Look(Fact.MFA_STATE)
    assert advanced(decide(a_rehire(), methods=(PASSWORD,))).step == replace(
        listed.step, before="none", detail=None
    )


def test_they_go_after_an_approval_and_before_mfa() -> None:
    """Asked first, with what would go; then all of them, and two lists have to agree."""
    asking = advanced(decide(a_rehire()))
    assert asking.event is not None
    assert asking.event.type is EventType.APPROVAL_REQUESTED
    assert asking.step is not None
    assert "microsoftAuthenticator" in (asking.step.detail or "")
    case = advanced(decide(approved(a_rehire()))).case
    assert case.state is CaseState.REMOVING_METHODS
    begun = advanced(decide(case)).case.change
    assert begun is not None
    assert begun.effect == RemoveMethods((AUTHENTICATOR,), Impact.WEAKEN)
    once = advanced(decide(case, methods=(PASSWORD,))).case
    assert (once.state, once.cleared_since) == (CaseState.REMOVING_METHODS, NOW)
    later = NOW + REMOVE.gone_after
    twice = next_action(once, Facts(**{**KNOWN, "methods": (PASSWORD,)}), REMOVE, later)
    done = advanced(twice).case
    assert (done.state, done.preparations[FORMER]) == (CaseState.ACCEPTED, Prepared.DONE)
    assert decide(done, methods=(PASSWORD,)) == Look(Fact.MFA_STATE)


@pytest.mark.parametrize("privilege", [Privilege.ELIGIBLE, Unknown("403")])
def test_privileged_people_keep_theirs(privilege: Privilege | Unknown) -> None:
    """Or who may be privileged: nobody is even asked, and the case goes on with a warning."""
    assert decide(a_rehire(), privilege=None) == Look(Fact.PRIVILEGE)
    kept(decide(a_rehire(), privilege=replace(PLAIN, privilege=privilege)))


def test_without_an_answer_they_are_kept_and_nobody_is_asked_twice() -> None:
    """MFA does not wait for ever: eight hours on the case goes on with a warning."""
    asked = advanced(decide(a_rehire())).case
    at_last = NOW + APPROVAL_LASTS
    lapsed = advanced(next_action(asked, Facts(**KNOWN), REMOVE, at_last)).case
    assert lapsed.state is CaseState.ACCEPTED
    action = next_action(lapsed, Facts(**KNOWN), REMOVE, at_last)
    assert kept(action) == "Nobody approved their removal in time."


def test_what_was_approved_too_long_ago_is_not_done() -> None:
    """Eight hours after the approval the rest is kept."""
    case = advanced(decide(approved(a_rehire()))).case
    late = next_action(case, Facts(**KNOWN), REMOVE, NOW + APPROVAL_LASTS)
    assert kept(late) == "The approval has expired."


def going() -> Case:
    """The case of which the removal of the authenticator was approved."""
    return advanced(decide(approved(a_rehire()))).case


def test_only_what_was_approved_goes() -> None:
    """A key that was registered since the question is kept, with a warning, whatever else goes."""
    case = going()
    for methods in ((PASSWORD, AUTHENTICATOR, KEY), (PASSWORD, KEY, AUTHENTICATOR)):
        begun = advanced(decide(case, methods=methods)).case.change
        assert begun is not None
        assert begun.effect == RemoveMethods((AUTHENTICATOR,), Impact.WEAKEN)
    once = advanced(decide(case, methods=(PASSWORD, KEY))).case
    facts = Facts(**{**KNOWN, "methods": (PASSWORD, KEY)})
    done = advanced(next_action(once, facts, REMOVE, NOW + REMOVE.gone_after))
    assert (done.case.state, done.case.preparations[FORMER]) == (CaseState.ACCEPTED, Prepared.DONE)
    assert done.case.warnings == ("Not approved for removal, so they were kept: fido2 new-key.",)


def test_an_approval_is_bound_to_the_methods_it_names() -> None:
    """With other methods in question there is another hash."""
    asked = advanced(decide(a_rehire())).case
    another = advanced(decide(a_rehire(), methods=(PASSWORD, KEY))).case
    assert plan_hash(asked) != plan_hash(another)
    assert asked.asked_about == {"microsoftAuthenticator m1"}


@pytest.mark.parametrize("privilege", [Privilege.ROLE, Unknown("403")])
def test_who_became_privileged_since_keeps_theirs(privilege: Privilege | Unknown) -> None:
    """Who approved it knew of no administrator, so the rest is kept."""
    assert decide(going(), privilege=None) == Look(Fact.PRIVILEGE)
    kept(decide(going(), privilege=replace(PLAIN, privilege=privilege)))


def test_what_no_call_removes_is_kept() -> None:
    """A type that we don't know does not keep the person from MFA."""
    strange = AuthenticationMethod("microsoftAuthenticator-2", MethodType.UNRECOGNISED)
    asked = advanced(decide(a_rehire(), methods=(PASSWORD, strange))).case
    case = advanced(decide(approve(asked, plan_hash(asked), "approver", NOW).case)).case
    action = decide(case, methods=(PASSWORD, strange))
    assert isinstance(action, Fail)
    kept(Advance(troubled(case, action, action.error)))


def troubled(case: Case, action: Action, error: LifecycleError) -> Transition:
    """What trouble does to a case."""
    return after_trouble(case, action, error, REMOVE, NOW) or after_failure(
        case, error, REMOVE, NOW
    )


@pytest.mark.parametrize(
    ("error", "attempts"),
    [
        (PermissionMissing("403"), 0),
        (ChangeUnverified("still there"), 0),
        (AccountDisabled("blocked"), 0),
        (Throttled("429"), ATTEMPTS),
        (AccountNotVisible("404"), ATTEMPTS),
        (PrivilegesUnreadable("403"), ATTEMPTS),
    ],
)
def test_trouble_keeps_methods_and_not_people_from_mfa(
    error: LifecycleError, attempts: int
) -> None:
    """What would park or refuse the case, or was tried often enough, is told and passed over."""
    for case in (going(), advanced(decide(going())).case):
        transition = troubled(replace(case, attempts=attempts), decide(going()), error)
        assert error.code in kept(Advance(transition))
        assert transition.case.change is None
        assert decide(transition.case) == Look(Fact.MFA_STATE)


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Throttled("429"), CaseState.REMOVING_METHODS),
        (Stopped("stop"), CaseState.REMOVING_METHODS),
        (ProtectedAccount("never"), CaseState.REFUSED),
        (ExcludedAccount("not now"), CaseState.REFUSED),
        (GuestAccount("elsewhere"), CaseState.REFUSED),
    ],
)
def test_other_trouble_with_them_is_as_ever(error: LifecycleError, state: CaseState) -> None:
    """What may pass is tried again, and whom nobody may touch is refused."""
    assert troubled(going(), decide(going()), error).case.state is state


def test_a_stop_never_uses_an_attempt_up() -> None:
    """However long it lasts, nothing is given up for it."""
    case = replace(going(), attempts=ATTEMPTS)
    transition = troubled(case, decide(case), Stopped("stop"))
    assert (transition.case.state, transition.case.attempts) == (case.state, ATTEMPTS)


@pytest.mark.parametrize(
    ("known", "error"),
    [
        ({"mode": Mode.STOP}, Stopped),
        ({"privilege": replace(PLAIN, protected=True)}, ProtectedAccount),
    ],
)
def test_what_stops_everything_stops_this(
    known: dict[str, Any], error: type[LifecycleError]
) -> None:
    """A stop, and the guards."""
    action = decide(a_rehire(), **known)
    assert isinstance(action, Fail)
    assert isinstance(action.error, error)


@pytest.mark.parametrize("state", [CaseState.ACCEPTED, CaseState.REMOVING_METHODS])
def test_observe_mode_tells_and_asks_nobody(state: CaseState) -> None:
    """The step says what would go; the case goes on without asking anybody."""
    would = advanced(decide(a_rehire(state), mode=Mode.OBSERVE))
    assert would.step is not None
    assert would.step.outcome is StepOutcome.WOULD
    assert would.case.state is CaseState.ACCEPTED
    assert would.case.observed
    assert decide(would.case, mode=Mode.OBSERVE) == Look(Fact.MFA_STATE)


def test_a_cancelled_case_says_what_stays() -> None:
    """In the middle of it the methods that are gone stay so; the account was not enabled yet."""
    case = advanced(decide(approved(a_rehire()))).case
    step = cancelled(case, "helpdesk", NOW + timedelta(minutes=1)).step
    assert step is not None
    assert "Methods that were removed stay so. MFA was not changed." in (step.detail or "")


def test_a_cancelled_case_says_all_that_may_stay() -> None:
    """What was written and never read back, and what a second person let go."""
    left = {FORMER: Prepared.NOT_DONE, Preparation.SSPR_GROUP: Prepared.UNVERIFIED}
    said = what_stays(replace(approved(a_rehire()), preparations=left))
    assert said == (
        "What may be there: join-sspr-group."
        " Methods whose removal was approved may be gone, as the steps tell."
    )
