"""The two strategies: what they write, and where they see a person stand."""

import pytest

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.effects.groups import AddToGroup, RemoveFromGroup
from shared.domain.effects.mfa_state import SetMfaState
from shared.domain.facts import Fact, Facts
from shared.domain.groups import Memberships
from shared.domain.ids import GroupId
from shared.domain.people.rulings import Impact
from shared.domain.strategies import PER_USER, ByGroup

REGISTRATION, ENFORCEMENT = GroupId("registration"), GroupId("enforcement")
BY_GROUP = ByGroup(registration=REGISTRATION, enforcement=ENFORCEMENT)
DISABLED, ENABLED, ENFORCED = PerUserMfaState


def belonging(*known: bool | Unknown) -> Facts:
    """What was read of a person's registration group and enforcement group."""
    return Facts(
        memberships=Memberships(dict(zip((REGISTRATION, ENFORCEMENT), known, strict=True)))
    )


def test_per_user_writes_the_accounts_state() -> None:
    """Each change is one of the account's own state, and so is where the person stands."""
    assert PER_USER.fact is Fact.MFA_STATE
    assert SetMfaState(ENABLED) == PER_USER.enable
    assert SetMfaState(ENFORCED) == PER_USER.enforce
    assert SetMfaState(DISABLED) == PER_USER.exempt
    assert PER_USER.state(Facts()) is None
    assert PER_USER.state(Facts(mfa_state=ENABLED)) is ENABLED


def test_group_writes_membership_only() -> None:
    """Enabled and enforced are groups to join; exempt leaves the one that a policy targets."""
    assert BY_GROUP.fact is Fact.MEMBERSHIPS
    assert AddToGroup(REGISTRATION) == BY_GROUP.enable
    assert AddToGroup(ENFORCEMENT) == BY_GROUP.enforce
    assert RemoveFromGroup(ENFORCEMENT) == BY_GROUP.exempt
    assert BY_GROUP.state(Facts(mfa_state=ENFORCED)) is None


@pytest.mark.parametrize(
    ("registration", "enforcement", "expected"),
    [
        (False, False, DISABLED),
        (True, False, ENABLED),
        (True, True, ENFORCED),
        (False, True, ENFORCED),
    ],
)
def test_group_sees_where_a_person_stands(
    registration: bool,  # noqa: FBT001  (given)
    enforcement: bool,  # noqa: FBT001  (given)
    expected: PerUserMfaState,
) -> None:
    """By the group that asks for most."""
    assert BY_GROUP.state(belonging(registration, enforcement)) is expected


@pytest.mark.parametrize(("registration", "enforcement"), [(True, "?"), ("?", False), ("?", "?")])
def test_a_group_that_decides_and_is_unknown_makes_it_unknown(
    registration: bool | str,  # noqa: FBT001  (given)
    enforcement: bool | str,  # noqa: FBT001  (given)
) -> None:
    """An unreadable group never reads as "not a member"."""
    known = [Unknown(one) if isinstance(one, str) else one for one in (registration, enforcement)]
    assert isinstance(BY_GROUP.state(belonging(*known)), Unknown)


@pytest.mark.parametrize("strategy", [PER_USER, BY_GROUP])
def test_guards_weigh_an_enforcement_by_the_registration(strategy: ByGroup) -> None:
    """Whichever the strategy, who has no method yet is enforced as such, and exempting weakens."""
    assert strategy.enable.impact is Impact.STRENGTHEN
    assert strategy.enforce.impact is Impact.STRENGTHEN
    assert strategy.enforce_unregistered.impact is Impact.ENFORCE_UNREGISTERED
    assert strategy.exempt.impact is Impact.WEAKEN


@pytest.mark.parametrize("registered", [True, False])
def test_the_end_of_an_exemption_puts_people_back(*, registered: bool) -> None:
    """Per-user MFA asks the unregistered to register; the group takes back whom it had."""
    expected = PER_USER.enforce if registered else PER_USER.enable
    assert PER_USER.put_back(registered=registered) == expected
    assert BY_GROUP.put_back(registered=registered) == BY_GROUP.enforce
    assert BY_GROUP.enforce.impact is Impact.STRENGTHEN
