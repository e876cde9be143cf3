"""A population: who is in it, in which groups, with which licences and roles."""

from collections import Counter
from datetime import UTC, datetime, timedelta

from local.graph.tenant.methods import Kind
from local.graph.tenant.organization import OFFICE, OFFICE_FOR_FRONT_LINES
from local.graph.tenant.per_user_mfa import PerUserMfaState
from local.graph.tenant.population import populate
from local.graph.tenant.population_groups import organise

_NOW = datetime(2026, 11, 22, 14, tzinfo=UTC)
_PEOPLE = populate(5000, 7, _NOW)
_ORGANISED = organise(_PEOPLE, 7, "2026-11-22T14:00:00Z")


def test_the_seed_decides_alone() -> None:
    """The same seed makes the same people and groups; another one makes others."""
    again = populate(5000, 7, _NOW)
    assert again == _PEOPLE
    assert organise(again, 7, "2026-11-22T14:00:00Z") == _ORGANISED
    assert populate(10, 8) != populate(10, 9)


def test_the_day_changes_dates_alone() -> None:
    """Whenever they are loaded, people have the same ids, names, states and kinds of methods."""
    for one, other in zip(_PEOPLE, populate(5000, 7), strict=True):
        assert (one.id, one.user_principal_name) == (other.id, other.user_principal_name)
        assert one.per_user_mfa_state == other.per_user_mfa_state
        assert [held.kind for held in one.methods] == [held.kind for held in other.methods]


def test_every_kind_of_method_is_there() -> None:
    """All kinds are registered, some people have SMS alone, others Windows Hello alone."""
    mixes = Counter(tuple(held.kind for held in one.methods[1:]) for one in _PEOPLE)
    kinds = {kind for mix in mixes for kind in mix}
    assert kinds == set(Kind) - {Kind.PASSWORD, Kind.TEMPORARY_ACCESS_PASS}
    passkeys = {
        str(held.fields["aaGuid"])
        for one in _PEOPLE
        for held in one.methods
        if held.kind is Kind.FIDO2
    }
    assert len(passkeys) == 5
    assert all(mixes[mix] > 20 for mix in ((), (Kind.MOBILE,), (Kind.WINDOWS_HELLO,)))


def test_nobody_who_is_enabled_has_a_strong_method() -> None:
    """Registering one would have moved them to `enforced`."""
    enabled = [one for one in _PEOPLE if one.per_user_mfa_state is PerUserMfaState.ENABLED]
    assert enabled
    assert not any(one.registered for one in enabled)


def test_most_members_have_a_licence_and_no_guest_has() -> None:
    """Members have one of the tenant's products; rooms' and teams' mailboxes are without."""
    known = {OFFICE.sku_id, OFFICE_FOR_FRONT_LINES.sku_id}
    licensed = 0
    for one in _PEOPLE:
        assigned = one.value("assignedLicenses")
        assert isinstance(assigned, list)
        skus = {str(item["skuId"]) for item in assigned if isinstance(item, dict)}
        assert skus <= known
        assert not skus or one.value("userType") == "Member"
        licensed += len(skus)
    assert 0.85 < licensed / len(_PEOPLE) < 0.97
    alone = [one for one in _PEOPLE if one.mailbox and not one.value("employeeId")]
    assert alone
    assert all(not one.value("accountEnabled") and not one.methods[1:] for one in alone)


def test_some_were_hired_lately() -> None:
    """About one in a hundred was hired in the last two weeks, or will be in the next one."""
    hired = [
        datetime.fromisoformat(str(date))
        for one in _PEOPLE
        if (date := one.value("employeeHireDate")) is not None
    ]
    lately = [date for date in hired if date > _NOW - timedelta(days=15)]
    assert 20 < len(lately) < 100
    assert {date < _NOW for date in lately} == {True, False}
    created = [datetime.fromisoformat(str(one.value("createdDateTime"))) for one in _PEOPLE]
    assert max(created) < _NOW


def test_there_are_large_groups_and_nested_ones() -> None:
    """One small group per 200 people, everybody, the departments, and groups of groups."""
    ids = {group.id for group in _ORGANISED.groups}
    nested = [group for group in _ORGANISED.groups if ids.intersection(group.members)]
    teams = [group for group in _ORGANISED.groups if group.display_name.startswith("Team ")]
    assert len(teams) == 25
    assert max(len(group.members) for group in _ORGANISED.groups) == len(_PEOPLE)
    assert len(nested) >= 3


def test_there_are_a_few_administrators() -> None:
    """Some hold a role, some through a group, some could activate one; a handful in all."""
    active = {role.display_name for role in _ORGANISED.roles if role.members}
    eligible = {role.display_name for role in _ORGANISED.roles if role.eligible_members}
    assert {"Global Administrator", "Helpdesk Administrator"} <= active
    assert {"Global Administrator", "User Administrator"} <= eligible
    assert 5 < len(_ORGANISED.administrators) < len(_PEOPLE) / 100
    assert organise(populate(10, 1), 1, "").roles == ()
