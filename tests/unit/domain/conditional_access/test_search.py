"""The search for a gap is short in any real tenant, and gives up honestly in others."""

import pytest

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.coverage import MOST_LOOKS, TOO_MANY, find_gap
from shared.domain.conditional_access.requirement import Extent, Requirements, space_of
from shared.domain.conditional_access.sign_ins import (
    AN_APPLICATION,
    APPLICATION,
    TARGET,
    Kind,
    Trait,
)
from shared.domain.posture.judging import Judge
from shared.domain.posture.means import Means
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.posture.registration import Registration
from shared.domain.posture.tenant import Settings
from tests.unit.domain.conditional_access.big_tenants import chance, pigeons, realistic, split_up
from tests.unit.domain.conditional_access.telling import KIM, policies, required, told

READY = Registration(means=frozenset({Means.PASSKEY}))
FEW = MOST_LOOKS // 10


@pytest.mark.parametrize("count", [40, 60, 120])
def test_realistic_tenants_take_few_looks(count: int) -> None:
    """A tenth of what is allowed suffices for policies with 20 locations and 30 apps."""
    for seed in range(20):
        found = realistic(chance(seed), count)
        assert find_gap(Kind(space_of(found)), found, FEW) is not TOO_MANY


@pytest.mark.parametrize("count", [20, 60, 120])
def test_policies_that_only_cover_together_take_few_looks(count: int) -> None:
    """That nothing is left between policies which halve each other is seen at once."""
    for seed in range(10):
        found = split_up(chance(seed), count)
        kind = Kind(space_of(found))
        assert find_gap(kind, found, 4 * count) is None
        left = chance(seed).sample(found, count - 1)
        assert isinstance(find_gap(kind, left, 4 * count), Kind)


def test_too_many_combinations_are_unknown() -> None:
    """Where looking took too long nothing is claimed: neither a gap nor that there is none."""
    found = pigeons(7)
    requirement = Requirements(found).of(KIM)
    assert requirement.gap is TOO_MANY
    assert requirement.most is Extent.EVERYWHERE
    person = Person(belonging=KIM, state=PerUserMfaState.DISABLED, registration=READY)
    posture = Judge(Settings(policies=found))(person)
    assert posture.verdict is Verdict.UNKNOWN
    assert [(one.code, one.detail) for one in posture.reasons] == [
        (ReasonCode.UNKNOWN_COVERAGE, TOO_MANY.reason)
    ]


def test_fewer_pigeons_are_seen_to_have_no_way() -> None:
    """The same question is answered where looking does not take too long."""
    assert find_gap(Kind(space_of(pigeons(4))), pigeons(4)) is None
    assert isinstance(find_gap(Kind(space_of(())), pigeons(4)[1:]), Kind)


def test_budget_of_looks() -> None:
    """One more policy takes one look more at the least; none is taken beyond the budget."""
    found = policies(told(applications={"includeApplications": ["app"]}))
    kind = Kind(space_of(found))
    assert isinstance(find_gap(kind, found, 2), Kind)
    assert isinstance(find_gap(kind, found, 1), Unknown)


def test_gap_names_only_applications_that_it_can_be_about() -> None:
    """Exchange Online, which is surely in the suite, is in no gap outside the suite."""
    exchange = "00000002-0000-0ff1-ce00-000000000000"
    gap = required(
        told(applications={"includeApplications": ["Office365"]}),
        told(
            applications={"includeApplications": ["All"], "excludeApplications": ["app", exchange]}
        ),
    ).gap
    assert isinstance(gap, Kind)
    assert gap.values(APPLICATION) == {"app"}


def test_gap_of_nothing_at_all() -> None:
    """Without policies all sign-ins that are asked about are the gap."""
    gap = required().gap
    assert isinstance(gap, Kind)
    assert gap.values(TARGET) == {AN_APPLICATION}
    assert gap.may_be(Trait(APPLICATION, frozenset({"app"}))) is False
