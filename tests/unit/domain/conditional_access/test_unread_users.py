"""Whom a policy covers where not all can be read: unknown only where it decides."""

from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import (
    Belonging,
    GuestKind,
    Reach,
    groups_named,
    reach,
)
from shared.domain.conditional_access.said import Said
from shared.domain.conditional_access.users import read_users
from tests.unit.domain.conditional_access.telling import KIM

DIM = Unknown("Nobody can tell.")
HIDDEN = replace(KIM, groups=frozenset({"staff"}), unread_groups=frozenset({"hidden"}))
NO_ROLES = replace(KIM, roles=DIM)
NO_ELIGIBLE = replace(KIM, could_hold=DIM)
NO_JOINING = replace(KIM, could_join=DIM)
CLUB, DEN = frozenset({"club"}), frozenset({"den"})
NO_DOOR = replace(KIM, could_join=CLUB, unread_joins=DEN)
NO_KIND = replace(KIM, guest=DIM)
ALL = {"includeUsers": ["All"]}
NEW_KIND = {"guestOrExternalUserTypes": "martian", "externalTenants": {"membershipKind": "all"}}
SOME_TENANTS = {
    "guestOrExternalUserTypes": "b2bCollaborationGuest",
    "externalTenants": {"@odata.type": "#x", "members": ["t"]},
}
GUEST = replace(KIM, guest=GuestKind.COLLABORATION_GUEST)
YES, NO, UNKNOWN = Reach.YES, Reach.NO, Reach.UNKNOWN


class Row(NamedTuple):
    """Whom a policy names, somebody, and whether it covers them."""

    why: str
    users: dict[str, Any]
    person: Belonging
    expected: Reach


ROWS = [
    Row("an unread group may include them", {"includeGroups": ["hidden"]}, HIDDEN, UNKNOWN),
    Row("or exclude them", ALL | {"excludeGroups": ["Hidden"]}, HIDDEN, UNKNOWN),
    Row("another group includes them", {"includeGroups": ["hidden", "staff"]}, HIDDEN, YES),
    Row("another group excludes them", ALL | {"excludeGroups": ["hidden", "staff"]}, HIDDEN, NO),
    Row(
        "whom nothing includes needs no exclusion",
        {"includeUsers": ["lee"], "excludeGroups": ["hidden"]},
        HIDDEN,
        NO,
    ),
    Row(
        "perhaps included, surely excluded",
        {"includeGroups": ["hidden"], "excludeGroups": ["staff"]},
        HIDDEN,
        NO,
    ),
    Row("an unread group that it doesn't name", ALL | {"excludeGroups": ["x"]}, HIDDEN, YES),
    Row("unread roles may include", {"includeRoles": ["admin"]}, NO_ROLES, UNKNOWN),
    Row("unread roles may exclude", ALL | {"excludeRoles": ["admin"]}, NO_ROLES, UNKNOWN),
    Row("without roles they don't matter", ALL, NO_ROLES, YES),
    Row("unread eligibility may exclude", ALL | {"excludeRoles": ["admin"]}, NO_ELIGIBLE, UNKNOWN),
    Row("and includes nobody", {"includeRoles": ["admin"]}, NO_ELIGIBLE, NO),
    Row("who may join can't be read", ALL | {"excludeGroups": ["club"]}, NO_JOINING, UNKNOWN),
    Row("and includes nobody either", {"includeGroups": ["club"]}, NO_JOINING, NO),
    Row("who may join a group can't be read", ALL | {"excludeGroups": ["Den"]}, NO_DOOR, UNKNOWN),
    Row("of another group that is known", ALL | {"excludeGroups": ["club"]}, NO_DOOR, NO),
    Row("one way out is enough", ALL | {"excludeGroups": ["den", "club"]}, NO_DOOR, NO),
    Row("and others don't matter", ALL | {"excludeGroups": ["x"]}, NO_DOOR, YES),
    Row("nor whom it includes", {"includeGroups": ["den"]}, NO_DOOR, NO),
    Row("an unread kind of guest", {"includeUsers": ["GuestsOrExternalUsers"]}, NO_KIND, UNKNOWN),
    Row("all are all, whichever kind", ALL, NO_KIND, YES),
    Row("a new kind of guest", {"includeGuestsOrExternalUsers": NEW_KIND}, KIM, UNKNOWN),
    Row("of some tenants", {"includeGuestsOrExternalUsers": SOME_TENANTS}, GUEST, UNKNOWN),
    Row("guests that are no object", ALL | {"excludeGuestsOrExternalUsers": "x"}, GUEST, UNKNOWN),
    Row("a new way to include", {"includeTeams": ["x"]}, KIM, UNKNOWN),
    Row("a new way to exclude", ALL | {"excludeTeams": ["x"]}, KIM, UNKNOWN),
    Row("a new way to do either", ALL | {"teams": ["x"]}, KIM, UNKNOWN),
    Row("a new way that names nobody", ALL | {"excludeTeams": []}, KIM, YES),
    Row("a number instead of a list", {"includeUsers": 5}, KIM, UNKNOWN),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_whom_a_policy_may_cover(row: Row) -> None:
    """What can't be read makes it unknown where it decides, and nowhere else."""
    assert reach(read_users(Said.of(row.users)), row.person) is row.expected


def test_groups_that_policies_name() -> None:
    """Those of both sides, in small letters: of these somebody has to read the members."""
    users = read_users(Said.of({"includeGroups": ["A", "b"], "excludeGroups": ["C"]}))
    assert groups_named([users]) == {"a", "b", "c"}
