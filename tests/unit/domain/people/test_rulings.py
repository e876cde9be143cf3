"""What may be done about a person: the whole table."""

from itertools import product
from typing import Final

import pytest

from shared.domain.authentication import Unknown
from shared.domain.errors import Disposition, LifecycleError
from shared.domain.errors.people import (
    AccountDisabled,
    ExcludedAccount,
    GuestAccount,
    ProtectedAccount,
    ServiceAccount,
)
from shared.domain.people.rulings import Allowed, Impact, NeedsApproval, Refused, ruling
from shared.domain.people.standing import Privilege, Standing

UNKNOWN: Final = Unknown("Graph answered 503.")
PRIVILEGES: Final = (*Privilege, UNKNOWN)
FLAGS: Final = ("protected", "excluded", "guest", "service", "disabled")
REFUSALS: Final[dict[str, type[LifecycleError]]] = {
    "protected": ProtectedAccount,
    "excluded": ExcludedAccount,
    "guest": GuestAccount,
    "service": ServiceAccount,
    "disabled": AccountDisabled,
}
"""What each flag refuses with, the strongest first."""

O, A, R = "allowed", "needs approval", "refused"  # noqa: E741  (the letters of the table below)
TABLE: Final = {
    #                             plain  role  group  eligible  owner  unknown
    Impact.STRENGTHEN: (O, O, O, O, O, O),
    Impact.PREPARE: (O, A, A, A, A, A),
    Impact.ENFORCE_UNREGISTERED: (O, A, A, A, A, A),
    Impact.WEAKEN: (O, A, A, A, A, A),
    Impact.GIVE_PASS: (O, A, A, A, A, A),
    Impact.OFFBOARD: (O, A, A, A, A, A),
    Impact.CONTAIN: (O, A, A, A, A, A),
    Impact.READMIT: (O, A, A, A, A, A),
}
SUITS_DISABLED: Final = {Impact.OFFBOARD, Impact.CONTAIN, Impact.READMIT}


def standing(
    privilege: Privilege | Unknown = Privilege.NONE, flags: frozenset[str] = frozenset()
) -> Standing:
    """A standing with these flags."""
    raised = {flag: flag in flags for flag in FLAGS}
    return Standing(
        protected=raised["protected"],
        excluded=raised["excluded"],
        guest=raised["guest"],
        service=raised["service"],
        disabled=raised["disabled"],
        privilege=privilege,
    )


def told(impact: Impact, about: Standing) -> str:
    """The ruling in a word."""
    match ruling(impact, about):
        case Allowed():
            return O
        case NeedsApproval():
            return A
        case Refused():
            return R


@pytest.mark.parametrize("impact", Impact)
def test_ruling_by_impact_and_privilege(impact: Impact) -> None:
    """Whoever is nobody special may have it all; privileged people are strengthened alike."""
    found = tuple(told(impact, standing(privilege)) for privilege in PRIVILEGES)
    assert found == TABLE[impact]


ALL_FLAGS: Final = [
    frozenset(flag for flag, raised in zip(FLAGS, row, strict=True) if raised)
    for row in product((False, True), repeat=len(FLAGS))
]


@pytest.mark.parametrize("impact", Impact)
@pytest.mark.parametrize("flags", ALL_FLAGS, ids=lambda flags: "+".join(sorted(flags)) or "none")
def test_refusal_by_flags(impact: Impact, flags: frozenset[str]) -> None:
    """Every flag refuses every impact, with the strongest reason, whatever the privilege.

    The one exception: a blocked account may be tidied up after, contained, and let in again.
    """
    against = set(flags) - ({"disabled"} if impact in SUITS_DISABLED else set())
    expected = next((error for flag, error in REFUSALS.items() if flag in against), None)
    for privilege in PRIVILEGES:
        found = ruling(impact, standing(privilege, flags))
        if expected is None:
            assert not isinstance(found, Refused)
        else:
            assert isinstance(found, Refused)
            assert type(found.error) is expected
            assert found.error.disposition is Disposition.REFUSE


def test_unknown_privilege_says_why() -> None:
    """Who approves learns that nobody could tell, and why; else, by what they are privileged."""
    unknown = ruling(Impact.WEAKEN, standing(UNKNOWN))
    assert isinstance(unknown, NeedsApproval)
    assert "Graph answered 503." in unknown.reason
    owner = ruling(Impact.WEAKEN, standing(Privilege.OWNER))
    assert isinstance(owner, NeedsApproval)
    assert "owner" in owner.reason


@pytest.mark.parametrize("impact", Impact)
def test_privilege_is_asked_for_only_where_it_matters(impact: Impact) -> None:
    """An impact that does not depend on privilege is ruled alike for every privilege."""
    rulings = {told(impact, standing(privilege)) for privilege in PRIVILEGES}
    assert (len(rulings) > 1) is impact.depends_on_privilege
