"""What a sweep makes of roles, of where guests do their MFA, and of accounts of nobody."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from shared.domain.alive import LedgerLines
from shared.domain.authentication import Unknown
from shared.domain.conditional_access.assignments import GuestKind
from shared.domain.ids import GroupId, UserId
from shared.domain.posture.judging import Judge
from shared.domain.posture.person import Person
from shared.domain.posture.tenant import Settings
from shared.domain.sweep.causes import Causes
from shared.domain.sweep.judging import JudgePart
from shared.domain.sweep.people import People
from shared.domain.sweep.rows import Link, PersonRow
from shared.domain.sweep.runs import GroupToRead
from shared.domain.sweep.tenant import Holding, TenantReading

NOW = datetime(2026, 11, 22, tzinfo=UTC)
KIM = UserId("kim")
GROUP = GroupId("group")
ROLE = frozenset({"role"})
NONE: frozenset[str] = frozenset()
DIM = Unknown("It can't be read.")
HELD = Holding(principal_id=KIM, role="role", tenant_wide=True)
IN_A_UNIT = replace(HELD, tenant_wide=False)
BY_GROUP = replace(HELD, principal_id=GROUP)
READING = TenantReading(settings=Settings())


def kim(reading: TenantReading, guest: GuestKind | None = None, *unread: GroupToRead) -> Person:
    """What is known of somebody without a group or a method."""
    people = People(reading, (), (), unread=unread, missing=DIM, now=NOW)
    return people.person(PersonRow(user_id=KIM, sign_in_name="kim@contoso.example", guest=guest))


@pytest.mark.parametrize(
    ("reading", "roles", "could_hold"),
    [
        (READING, NONE, NONE),
        (replace(READING, held=(HELD,)), ROLE, ROLE),
        (replace(READING, held=(IN_A_UNIT,)), NONE, ROLE),
        (replace(READING, eligible=(HELD,)), NONE, ROLE),
        (replace(READING, held=(BY_GROUP,)), NONE, NONE),
        (replace(READING, held=DIM), DIM, DIM),
        (replace(READING, held=(HELD,), eligible=DIM), ROLE, DIM),
        (replace(READING, role_groups=DIM), DIM, DIM),
    ],
)
def test_roles(
    reading: TenantReading, roles: frozenset[str] | Unknown, could_hold: frozenset[str] | Unknown
) -> None:
    """Policies count those for the whole tenant; in what scope, or when, one could hold another."""
    found = kim(reading).belonging
    assert (found.roles, found.could_hold) == (roles, could_hold)


def test_who_is_in_a_group_that_holds_a_role_can_not_be_read() -> None:
    """Then nobody is known to hold none."""
    reading = replace(READING, held=(BY_GROUP,), role_groups=frozenset({GROUP}))
    found = kim(reading, None, GroupToRead(GROUP, Link.MEMBER)).belonging
    assert isinstance(found.roles, Unknown)
    assert isinstance(found.could_hold, Unknown)


@pytest.mark.parametrize("guest", [GuestKind.COLLABORATION_GUEST, GuestKind.COLLABORATION_MEMBER])
def test_that_home_mfa_is_believed_does_not_say_that_it_was_done(guest: GuestKind) -> None:
    """Where it is not, or nobody knows, that stands."""
    believed = kim(replace(READING, home_mfa_trusted=True), guest).elsewhere
    assert isinstance(believed, Unknown)
    assert kim(replace(READING, home_mfa_trusted=False), guest).elsewhere is False
    assert kim(replace(READING, home_mfa_trusted=DIM), guest).elsewhere == DIM


@pytest.mark.parametrize("guest", [GuestKind.INTERNAL_GUEST, None])
def test_who_has_no_other_organisation_does_it_here(guest: GuestKind | None) -> None:
    """An internal guest signs in with a password of this tenant."""
    assert kim(replace(READING, home_mfa_trusted=True), guest).elsewhere is False


def test_blocked_accounts_and_those_of_agents_are_not_judged() -> None:
    """They are counted apart."""
    judge = Judge(Settings())
    people = People(READING, (), (), unread=(), missing=DIM, now=NOW)
    part = JudgePart(
        at=NOW,
        judge=judge,
        causes=Causes(now=judge, before=None),
        ledger=LedgerLines(),
        everybody=True,
    )
    rows = (
        PersonRow(user_id=KIM, sign_in_name="kim@contoso.example"),
        PersonRow(user_id=UserId("lee"), sign_in_name="lee@contoso.example", enabled=False),
        PersonRow(user_id=UserId("bot"), sign_in_name="bot@contoso.example", agent=True),
    )
    found = part(rows, people, None)
    assert [line.user_id for line in found.lines] == [KIM]
    assert found.left_out == 2
