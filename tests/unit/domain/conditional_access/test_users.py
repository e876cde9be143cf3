"""Whom a policy covers."""

from dataclasses import replace
from typing import Any, NamedTuple

import pytest

from shared.domain.conditional_access.assignments import Belonging, GuestKind, Reach, reach
from shared.domain.conditional_access.said import Said
from shared.domain.conditional_access.users import read_users
from tests.unit.domain.conditional_access.telling import KIM

MEMBER = replace(KIM, groups=frozenset({"staff"}), roles=frozenset({"admin"}))
COULD = replace(KIM, could_join=frozenset({"club"}), could_hold=frozenset({"admin"}))
GUEST = replace(KIM, guest=GuestKind.COLLABORATION_GUEST)
INTERNAL = replace(KIM, guest=GuestKind.INTERNAL_GUEST)
EXTERNAL_MEMBER = replace(KIM, guest=GuestKind.COLLABORATION_MEMBER)
B2B = {
    "guestOrExternalUserTypes": "b2bCollaborationGuest,b2bCollaborationMember",
    "externalTenants": {"@odata.type": "#x", "membershipKind": "all"},
}
INTERNALS = {"guestOrExternalUserTypes": "internalGuest", "externalTenants": None}
ENUMERATED = B2B | {"externalTenants": {"membershipKind": "enumerated", "members": ["t"]}}
ALL = {"includeUsers": ["All"]}
YES, NO, UNKNOWN = Reach.YES, Reach.NO, Reach.UNKNOWN


class Row(NamedTuple):
    """Whom a policy names, somebody, and whether it covers them."""

    why: str
    users: dict[str, Any]
    person: Belonging
    expected: Reach


ROWS = [
    Row("All is everybody", ALL, KIM, YES),
    Row("All takes in guests", ALL, GUEST, YES),
    Row("None is nobody", {"includeUsers": ["None"]}, KIM, NO),
    Row("who names nobody covers nobody", {}, KIM, NO),
    Row("a person by id, whatever the case", {"includeUsers": ["KIM"]}, KIM, YES),
    Row("somebody else", {"includeUsers": ["lee"]}, KIM, NO),
    Row("a group to which they belong", {"includeGroups": ["STAFF"]}, MEMBER, YES),
    Row("a group to which they don't", {"includeGroups": ["others"]}, MEMBER, NO),
    Row("a role that they hold", {"includeRoles": ["Admin"]}, MEMBER, YES),
    Row("a role that they could hold includes nobody", {"includeRoles": ["admin"]}, COULD, NO),
    Row("a group that they could join includes nobody", {"includeGroups": ["club"]}, COULD, NO),
    Row("all but them", ALL | {"excludeUsers": ["Kim"]}, KIM, NO),
    Row("all but somebody else", ALL | {"excludeUsers": ["lee"]}, KIM, YES),
    Row("all but their group", ALL | {"excludeGroups": ["Staff"]}, MEMBER, NO),
    Row("a group that is gone has no members", ALL | {"excludeGroups": ["gone"]}, MEMBER, YES),
    Row("all but their role", ALL | {"excludeRoles": ["admin"]}, MEMBER, NO),
    Row("who may activate an excluded role is out", ALL | {"excludeRoles": ["admin"]}, COULD, NO),
    Row("who may join an excluded group is out", ALL | {"excludeGroups": ["club"]}, COULD, NO),
    Row("all but all", ALL | {"excludeUsers": ["All"]}, KIM, NO),
    Row(
        "an exclusion beats being named",
        {"includeUsers": ["kim"], "excludeGroups": ["staff"]},
        MEMBER,
        NO,
    ),
    Row("the old word for guests", {"includeUsers": ["GuestsOrExternalUsers"]}, GUEST, YES),
    Row("also for inner guests", {"includeUsers": ["GuestsOrExternalUsers"]}, INTERNAL, YES),
    Row(
        "also for members from elsewhere",
        {"includeUsers": ["GuestsOrExternalUsers"]},
        EXTERNAL_MEMBER,
        YES,
    ),
    Row("no member is a guest", {"includeUsers": ["GuestsOrExternalUsers"]}, KIM, NO),
    Row("all but guests", ALL | {"excludeUsers": ["GuestsOrExternalUsers"]}, GUEST, NO),
    Row("a kind of guest", {"includeGuestsOrExternalUsers": B2B}, GUEST, YES),
    Row(
        "the other kind named with it", {"includeGuestsOrExternalUsers": B2B}, EXTERNAL_MEMBER, YES
    ),
    Row("another kind of guest", {"includeGuestsOrExternalUsers": B2B}, INTERNAL, NO),
    Row("inner guests have no tenants", {"includeGuestsOrExternalUsers": INTERNALS}, INTERNAL, YES),
    Row("all but a kind of guest", ALL | {"excludeGuestsOrExternalUsers": B2B}, GUEST, NO),
    Row("members are no guests", ALL | {"excludeGuestsOrExternalUsers": B2B}, KIM, YES),
    Row(
        "whose organisation is named can't be read",
        {"includeGuestsOrExternalUsers": ENUMERATED},
        GUEST,
        UNKNOWN,
    ),
    Row(
        "nor whose is excluded",
        ALL | {"excludeGuestsOrExternalUsers": ENUMERATED},
        GUEST,
        UNKNOWN,
    ),
    Row("which matters to no member", ALL | {"excludeGuestsOrExternalUsers": ENUMERATED}, KIM, YES),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_whom_a_policy_covers(row: Row) -> None:
    """Included by what they are, excluded by what they could become."""
    assert reach(read_users(Said.of(row.users)), row.person) is row.expected
