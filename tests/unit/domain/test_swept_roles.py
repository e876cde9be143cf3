"""Who could come to hold a role by way of a group, as a sweep sees it."""

from datetime import UTC, datetime

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import Belonging, Named, Users
from shared.domain.conditional_access.policies import Demand, Policy
from shared.domain.ids import GroupId, UserId
from shared.domain.posture.tenant import Settings
from shared.domain.sweep.groups import groups_to_read
from shared.domain.sweep.people import People
from shared.domain.sweep.rows import Link, MemberRow, PersonRow
from shared.domain.sweep.runs import GroupToRead
from shared.domain.sweep.tenant import Holding, TenantReading

KIM = UserId("aa" * 16)
ADMINS = GroupId("bb" * 16)
ROLE = "62e90394"
NONE: frozenset[str] = frozenset()
READING = TenantReading(
    settings=Settings(
        policies=(
            Policy(
                policy_id="p",
                name="MFA for all but administrators",
                users=Users(
                    included=Named(everybody=True), excluded=Named(roles=frozenset({ROLE}))
                ),
                demand=Demand.MFA,
            ),
        )
    ),
    held=(Holding(principal_id=ADMINS, role=ROLE, tenant_wide=True),),
    role_groups=frozenset({ADMINS}),
)


def kim(*members: MemberRow, unread: tuple[GroupToRead, ...] = ()) -> Belonging:
    """What a sweep makes of a person."""
    people = People(
        READING,
        members,
        (),
        unread=unread,
        missing=Unknown("unread"),
        now=datetime(2026, 11, 22, tzinfo=UTC),
    )
    return people.person(PersonRow(user_id=KIM, sign_in_name="kim@contoso.example")).belonging


def test_who_could_join_a_group_that_holds_an_excluded_role_is_asked() -> None:
    """A policy that excludes a role lets out whoever can make themselves hold it."""
    assert set(groups_to_read(READING)) == {
        GroupToRead(ADMINS, Link.MEMBER),
        GroupToRead(ADMINS, Link.COULD_JOIN),
    }


def test_who_could_join_it_could_hold_the_role() -> None:
    """A member holds it; who could become one could hold it; of anybody else nothing is true."""
    assert kim(MemberRow(ADMINS, KIM)).roles == frozenset({ROLE})
    joining = kim(MemberRow(ADMINS, KIM, Link.COULD_JOIN))
    assert (joining.roles, joining.could_hold) == (NONE, frozenset({ROLE}))
    assert (kim().roles, kim().could_hold) == (NONE, NONE)


def test_where_nobody_can_tell_who_could_join_nobody_can_tell_who_could_hold_it() -> None:
    """The role itself is known all the same."""
    found = kim(unread=(GroupToRead(ADMINS, Link.COULD_JOIN),))
    assert found.roles == frozenset()
    assert isinstance(found.could_hold, Unknown)
    assert found.unread_joins == {ADMINS}


def test_a_group_without_roles_leaves_nobody_in_doubt_of_them() -> None:
    """Nor does one that they surely could join."""
    other = GroupId("dd" * 16)
    found = kim(unread=(GroupToRead(other, Link.COULD_JOIN),))
    assert (found.could_hold, found.could_join, found.unread_joins) == (
        NONE,
        NONE,
        frozenset[str]({other}),
    )
    surely = MemberRow(other, KIM, Link.COULD_JOIN)
    found = kim(surely, unread=(GroupToRead(other, Link.COULD_JOIN),))
    assert (found.could_join, found.unread_joins) == (frozenset[str]({other}), NONE)
