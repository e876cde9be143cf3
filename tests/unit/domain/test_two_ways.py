"""Per-user MFA beside Conditional Access: a warning, and nothing that stands in the way."""

from dataclasses import replace

import pytest

from shared.domain.actions import Action, Advance, Look
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.answers import MfaRequired
from shared.domain.control import Mode
from shared.domain.facts import Fact, Facts
from shared.domain.groups import Memberships
from shared.domain.ids import GroupId
from shared.domain.people.standing import Privilege, standing_of
from shared.domain.policy import next_action
from shared.domain.schedules import Rules
from shared.domain.strategies import ByGroup
from tests.builders import NOW, a_case, an_account, pinned

KNOWN = Facts(
    standing=standing_of(an_account(), protected=False, excluded=False, privilege=Privilege.NONE),
    mode=Mode.ACT,
    others=(),
    account=an_account(),
    mfa_state=PerUserMfaState.DISABLED,
)
BY_GROUP = ByGroup(registration=GroupId("r"), enforcement=GroupId("e"))


def warnings(action: Action) -> int:
    """How many warnings the case has that is about to be enabled."""
    assert isinstance(action, Advance)
    assert action.transition.case.change is not None
    return len(action.transition.case.warnings)


@pytest.mark.parametrize(
    ("policies", "told"),
    [
        (MfaRequired(of_anybody=True), 1),
        (MfaRequired(of_anybody=False), 0),
        (Unknown("403"), 0),
    ],
)
def test_the_case_warns_once(policies: MfaRequired | Unknown, told: int) -> None:
    """Where policies require MFA; what nobody can tell is not asserted."""
    case = pinned(a_case())
    assert next_action(case, KNOWN, Rules(), NOW) == Look(Fact.CONDITIONAL_ACCESS)
    known = replace(KNOWN, conditional_access=policies)
    begun = next_action(case, known, Rules(), NOW)
    assert warnings(begun) == told
    assert isinstance(begun, Advance)
    again = replace(begun.transition.case, change=None)
    assert warnings(next_action(again, known, Rules(), NOW)) == told


def test_trouble_with_a_warning_delays_nobody() -> None:
    """It was read once in vain: the person is enabled all the same."""
    tried = replace(pinned(a_case()), attempts=1)
    assert warnings(next_action(tried, KNOWN, Rules(), NOW)) == 0


def test_the_group_strategy_is_the_other_way() -> None:
    """There per-user MFA is left alone, so there is nothing to warn of."""
    neither = Memberships({BY_GROUP.registration: False, BY_GROUP.enforcement: False})
    known = replace(KNOWN, memberships=neither)
    action = next_action(pinned(a_case()), known, Rules(strategy=BY_GROUP), NOW)
    assert warnings(action) == 0
