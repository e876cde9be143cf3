"""Taking a leaver out of the group for password reset, decision by decision."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shared.domain.actions import Advance, Look, Write
from shared.domain.authentication import Unknown
from shared.domain.cases import Case, CaseState, StepOutcome
from shared.domain.effects.groups import RemoveFromGroup
from shared.domain.facts import Fact, Facts
from shared.domain.groups import Memberships
from shared.domain.ids import GroupId
from shared.domain.people.rulings import Impact
from shared.domain.policy import next_action
from shared.domain.schedules import Rules
from shared.domain.strategies import ByGroup
from shared.domain.transitions import Transition
from tests.builders import AUTHENTICATOR, NOW, PASSWORD
from tests.unit.domain.leaver_decisions import WAITING, facts

SSPR, REGISTRATION, ENFORCEMENT = map(GroupId, ("sspr", "registration", "enforcement"))
RULES = Rules(
    strategy=ByGroup(registration=REGISTRATION, enforcement=ENFORCEMENT),
    sspr_group=SSPR,
    enforcement_group=ENFORCEMENT,
)
NOW_CLEAR = NOW + timedelta(days=1)
CLEAR = replace(WAITING, cleared_since=NOW_CLEAR - RULES.gone_after)
"""The first of two lists has shown that no method is left."""


def belongs(*, sspr: bool | Unknown) -> Facts:
    """What is read of somebody who belongs to both groups of the strategy, and perhaps to ours."""
    known = {SSPR: sspr, REGISTRATION: True, ENFORCEMENT: True}
    return facts(memberships=Memberships(known))


def decide(case: Case, known: Facts) -> Transition:
    """The transition that the policy wants stored."""
    action = next_action(case, known, RULES, NOW_CLEAR)
    assert isinstance(action, Advance)
    return action.transition


def test_the_group_is_left_when_no_method_is_left() -> None:
    """Nobody asks about groups before, and of three groups only the one is left."""
    methods = (PASSWORD, AUTHENTICATOR)
    before = next_action(CLEAR, facts(methods=methods), RULES, NOW_CLEAR)
    assert before != Look(Fact.MEMBERSHIPS)
    assert next_action(CLEAR, facts(), RULES, NOW_CLEAR) == Look(Fact.MEMBERSHIPS)
    begun = decide(CLEAR, belongs(sspr=True)).case
    assert begun.change is not None
    assert begun.change.effect == RemoveFromGroup(SSPR, impact=Impact.OFFBOARD)
    assert begun.change.effect.impact is Impact.OFFBOARD
    written = next_action(begun, replace(belongs(sspr=True), begun=True), RULES, NOW_CLEAR)
    assert isinstance(written, Write)
    proven = decide(begun, belongs(sspr=False)).case
    assert decide(proven, belongs(sspr=False)).case.state is CaseState.COMPLETED


def test_without_a_group_nobody_asks() -> None:
    """A setting that names none costs nothing."""
    action = next_action(CLEAR, facts(), Rules(), NOW_CLEAR)
    assert isinstance(action, Advance)
    assert action.transition.case.state is CaseState.COMPLETED


@pytest.mark.parametrize("nested", [True, False])
def test_what_can_t_be_taken_away_is_told_and_passed_over(*, nested: bool) -> None:
    """Membership through another group, or an unusable group: a warning, never a false `done`."""
    if nested:
        begun = decide(CLEAR, belongs(sspr=True)).case
        assert begun.change is not None
        late = replace(begun, change=replace(begun.change, reads=len(RULES.read_back)))
        passed = decide(late, replace(belongs(sspr=True), written=True))
    else:
        passed = decide(CLEAR, belongs(sspr=Unknown("The group is gone.")))
    assert passed.step is not None
    assert (passed.step.action, passed.step.outcome) == ("leave-group", StepOutcome.SKIPPED)
    assert passed.case.warnings == (f"The person may still be a member of {SSPR}.",)
    assert passed.case.change is None
    ended = decide(passed.case, facts())
    assert ended.case.state is CaseState.COMPLETED
