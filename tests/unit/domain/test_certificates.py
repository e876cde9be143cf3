"""Of whom nobody can tell what they have registered, because they may use certificates."""

from datetime import UTC, datetime
from typing import NamedTuple

import pytest

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.assignments import Named, Users
from shared.domain.ids import GroupId, UserId
from shared.domain.posture.judging import Judge
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.posture.tenant import Settings
from shared.domain.sweep.groups import groups_to_read
from shared.domain.sweep.people import People
from shared.domain.sweep.rows import Link, MemberRow, PersonRow, RegistrationRow
from shared.domain.sweep.runs import GroupToRead
from shared.domain.sweep.tenant import TenantReading

KIM = UserId("aa" * 16)
CARDS, OTHERS = GroupId("bb" * 16), GroupId("cc" * 16)
EVERYBODY = Named(everybody=True)
IN_CARDS, IN_OTHERS = Named(groups=frozenset({CARDS})), Named(groups=frozenset({OTHERS}))
STRANGE = Named(unrecognised=True)
IN_DOUBT = (Verdict.UNKNOWN, (ReasonCode.UNKNOWN_ELSEWHERE,))
JUDGED = (Verdict.WEAK, (ReasonCode.NOT_REGISTERED,))


class Row(NamedTuple):
    """Whom certificates are for, to which groups somebody is bound, and what is said of them."""

    why: str
    certificates: tuple[Users, ...] | Unknown
    members: tuple[MemberRow, ...]
    unread: tuple[GroupToRead, ...]
    expected: tuple[Verdict, tuple[ReasonCode, ...]]


BELONGS = (MemberRow(CARDS, KIM),)
ROWS = [
    Row("the method is off", (), (), (), JUDGED),
    Row("it is for everybody", (Users(included=EVERYBODY),), (), (), IN_DOUBT),
    Row("for a group", (Users(included=IN_CARDS),), (), (), JUDGED),
    Row("for their group", (Users(included=IN_CARDS),), BELONGS, (), IN_DOUBT),
    Row(
        "for a group that can't be read",
        (Users(included=IN_CARDS),),
        (),
        (GroupToRead(CARDS, Link.MEMBER),),
        IN_DOUBT,
    ),
    Row(
        "for a group that they could join but have not",
        (Users(included=IN_CARDS),),
        (MemberRow(CARDS, KIM, Link.COULD_JOIN),),
        (),
        JUDGED,
    ),
    Row(
        "for everybody but their group",
        (Users(included=EVERYBODY, excluded=IN_CARDS),),
        BELONGS,
        (),
        JUDGED,
    ),
    Row(
        "for everybody but another group",
        (Users(included=EVERYBODY, excluded=IN_OTHERS),),
        BELONGS,
        (),
        IN_DOUBT,
    ),
    Row(
        "who could come to be left out is not yet",
        (Users(included=EVERYBODY, excluded=IN_CARDS),),
        (MemberRow(CARDS, KIM, Link.COULD_JOIN),),
        (),
        IN_DOUBT,
    ),
    Row(
        "for everybody but a group that can't be read",
        (Users(included=EVERYBODY, excluded=IN_CARDS),),
        (),
        (GroupToRead(CARDS, Link.MEMBER),),
        IN_DOUBT,
    ),
    Row("for somebody not understood", (Users(included=STRANGE),), (), (), IN_DOUBT),
    Row("the policy can't be read", Unknown("403"), (), (), IN_DOUBT),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_only_who_may_use_certificates_is_in_doubt(row: Row) -> None:
    """Of an enforced person without a method; everybody else is judged."""
    reading = TenantReading(settings=Settings(), certificates=row.certificates)
    people = People(
        reading,
        row.members,
        (RegistrationRow(user_id=KIM),),
        unread=row.unread,
        missing=Unknown("unread"),
        now=datetime(2026, 11, 22, tzinfo=UTC),
    )
    kim = PersonRow(user_id=KIM, sign_in_name="kim@contoso.example", state=PerUserMfaState.ENFORCED)
    posture = Judge(reading.settings)(people.person(kim))
    assert (posture.verdict, posture.codes) == row.expected


def test_the_groups_that_it_is_for_are_read() -> None:
    """Their members alone: nobody asks who could join them."""
    certificates = (Users(included=IN_CARDS, excluded=IN_OTHERS),)
    reading = TenantReading(settings=Settings(), certificates=certificates)
    assert list(groups_to_read(reading)) == [
        GroupToRead(CARDS, Link.MEMBER),
        GroupToRead(OTHERS, Link.MEMBER),
    ]
