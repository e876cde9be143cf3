"""What takes the place of per-user MFA: the group strategy, and what else may protect a person."""

from datetime import timedelta
from typing import Any

import pytest

from shared.domain.actions import Action, Advance, Fail, Look
from shared.domain.approvals import approve, plan_hash
from shared.domain.authentication import AuthenticationMethod, PerUserMfaState, Unknown
from shared.domain.cases import Case, CaseState
from shared.domain.conditional_access.answers import MfaRequired
from shared.domain.control import Mode
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.errors.exemptions import NothingToExempt, UnprotectedOtherwise
from shared.domain.exemption.beginning import UNPROTECTED
from shared.domain.facts import Fact, Facts
from shared.domain.groups import Memberships
from shared.domain.ids import GroupId
from shared.domain.policy import next_action
from shared.domain.schedules import Rules
from shared.domain.strategies import ByGroup
from shared.domain.transitions import Transition
from tests.builders import (
    AUTHENTICATOR,
    NOW,
    PASSWORD,
    a_standing,
    an_account,
    an_exemption,
    an_exemption_plan,
)

REGISTRATION, ENFORCEMENT = GroupId("g-registration"), GroupId("g-enforcement")
POLICY = MfaRequired(of_anybody=True, of_groups=frozenset({ENFORCEMENT}))
PER_USER = Rules(enforcement_group=ENFORCEMENT)
BY_GROUP = Rules(
    strategy=ByGroup(registration=REGISTRATION, enforcement=ENFORCEMENT),
    enforcement_group=ENFORCEMENT,
)
STRICT = an_exemption(plan=an_exemption_plan(accept_unprotected=False))
END = NOW + timedelta(days=7)


def belonging(*, enforced: bool | Unknown, asked: bool | Unknown = False) -> Memberships:
    """Who belongs to the enforcement group, and to the registration group."""
    return Memberships({ENFORCEMENT: enforced, REGISTRATION: asked})


def decide(case: Case, rules: Rules, now: Any = NOW, **facts: Any) -> Action:  # noqa: ANN401
    """What is done about somebody who is enforced by per-user MFA."""
    known = {
        "mode": Mode.ACT,
        "account": an_account(),
        "standing": a_standing(),
        "others": (),
        "mfa_state": PerUserMfaState.ENFORCED,
    }
    return next_action(case, Facts(**{**known, **facts}), rules, now)


def advanced(action: Action) -> Transition:
    """The transition of an action that is one."""
    assert isinstance(action, Advance)
    return action.transition


def approved(case: Case, **facts: Any) -> Case:  # noqa: ANN401
    """An exemption in the strategy `group` that was approved."""
    asked = advanced(decide(case, BY_GROUP, **facts)).case
    return approve(asked, plan_hash(asked), "approver-1", NOW).case


# --- Protected otherwise --------------------------------------------------------------------------


def test_members_of_the_enforcement_group_are_protected_by_its_policy() -> None:
    """With per-user MFA the policy stays when `disabled` is written; both are looked at first."""
    member = belonging(enforced=True)
    assert decide(STRICT, PER_USER) == Look(Fact.MEMBERSHIPS)
    assert decide(STRICT, PER_USER, memberships=member) == Look(Fact.CONDITIONAL_ACCESS)
    facts = {"memberships": member, "conditional_access": POLICY}
    asked = advanced(decide(STRICT, PER_USER, **facts)).case
    assert asked.state is CaseState.AWAITING_APPROVAL
    assert UNPROTECTED not in asked.warnings


@pytest.mark.parametrize(
    ("enforced", "policies"),
    [
        (False, POLICY),
        (Unknown("its members are hidden"), POLICY),
        (True, Unknown("Policy.Read.All is missing")),
        (True, MfaRequired(of_anybody=True)),
        (True, MfaRequired(of_anybody=True, of_groups=frozenset({REGISTRATION}))),
    ],
)
def test_of_others_it_is_unknown_and_unknown_refuses(
    *, enforced: bool | Unknown, policies: MfaRequired | Unknown
) -> None:
    """Other policies are not judged, so they prove nothing; who accepts that is warned of it."""
    facts = {"memberships": belonging(enforced=enforced), "conditional_access": policies}
    action = decide(STRICT, PER_USER, **facts)
    assert isinstance(action, Fail)
    assert isinstance(action.error, UnprotectedOtherwise)
    asked = advanced(decide(an_exemption(), PER_USER, **facts)).case
    assert UNPROTECTED in asked.warnings


def test_the_group_that_an_exemption_takes_away_protects_nobody() -> None:
    """In the strategy `group` the membership is what ends."""
    action = decide(STRICT, BY_GROUP, memberships=belonging(enforced=True))
    assert isinstance(action, Fail)
    assert isinstance(action.error, UnprotectedOtherwise)


# --- The strategy `group` -------------------------------------------------------------------------


def test_the_person_leaves_the_enforcement_group() -> None:
    """Per-user MFA is neither read nor written there."""
    enforced = {"memberships": belonging(enforced=True), "mfa_state": None}
    begun = advanced(decide(approved(an_exemption(), **enforced), BY_GROUP, **enforced)).case
    assert begun.change is not None
    assert begun.change.effect == RemoveFromGroup(ENFORCEMENT)
    assert begun.before == f"member of {ENFORCEMENT}"
    exempt = {"memberships": belonging(enforced=False), "mfa_state": None}
    assert advanced(decide(begun, BY_GROUP, **exempt)).case.state is CaseState.ACTIVE


@pytest.mark.parametrize("asked", [True, False])
def test_who_is_no_member_is_not_exempt(*, asked: bool) -> None:
    """Being asked to register is no requirement at sign-in."""
    known = belonging(enforced=False, asked=asked)
    action = decide(an_exemption(), BY_GROUP, memberships=known)
    assert isinstance(action, Fail)
    assert isinstance(action.error, NothingToExempt)


@pytest.mark.parametrize("methods", [(AUTHENTICATOR,), (PASSWORD,)])
@pytest.mark.parametrize("asked", [True, False])
def test_the_end_puts_the_person_back_into_it(
    *, asked: bool, methods: tuple[AuthenticationMethod, ...]
) -> None:
    """Registered or not: they come from there, and the registration group requires nothing."""
    case = an_exemption(CaseState.ACTIVE, before=f"member of {ENFORCEMENT}")
    known = belonging(enforced=False, asked=asked)
    begun = advanced(decide(case, BY_GROUP, END, memberships=known, methods=methods)).case
    assert begun.change is not None
    assert begun.change.effect == AddToGroup(ENFORCEMENT)
    back = belonging(enforced=True, asked=asked)
    assert advanced(decide(case, BY_GROUP, END, memberships=back)).case.state is CaseState.ENDED
