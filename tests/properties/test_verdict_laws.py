"""What is true of every verdict, whatever the tenant and the person.

Whether a policy is switched on, report-only or off is told by its `state`, which the adapter
filters: `read_policy` never looks at it, so that nothing here can depend on it.
"""

import os
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.requirement import Requirements
from shared.domain.posture.judging import Judge
from shared.domain.posture.means import Means
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.posture.registration import Registration
from shared.domain.posture.tenant import Settings
from tests.properties.asking_the_engine import belonging, locations_of, read
from tests.properties.sign_in_world import RawTenant, Someone
from tests.properties.tenants_at_random import (
    GROUPS,
    KIM,
    LEE,
    PEOPLE,
    ROLES,
    policies_at_random,
    tenants,
)

EXAMPLES = int(os.environ.get("ORACLE_EXAMPLES", "500"))
DIM = Unknown("Nobody can tell.")
laws = settings(max_examples=EXAMPLES // 10, database=None)
people = st.sampled_from(PEOPLE)
registrations = st.builds(
    Registration,
    means=st.frozensets(st.sampled_from(sorted(set(Means) - {Means.UNRECOGNISED})), max_size=3),
    capable=st.sampled_from([True, True, True, False]),
    keys=st.sampled_from([None, frozenset({"model-1"}), frozenset({"model-2"})]),
)
IDS = ("User-", "Group-", "Role-", "App-", "Place-", "Strength-", "policy-")
EXCLUSIONS: list[dict[str, Any]] = [
    {"excludeUsers": [KIM]},
    {"excludeGroups": [GROUPS[0], GROUPS[1]]},
    {"excludeRoles": [ROLES[0]]},
    {"excludeUsers": ["GuestsOrExternalUsers", LEE]},
]


@st.composite
def persons(draw: st.DrawFn, tenant: RawTenant) -> Person:
    """Somebody of a tenant of whom everything is known."""
    return Person(
        belonging=belonging(tenant, draw(people)),
        state=draw(st.sampled_from(PerUserMfaState)),
        registration=draw(registrations),
        elsewhere=draw(st.sampled_from([False, False, True])),
        exempt=draw(st.sampled_from([False, False, False, True])),
        break_glass=draw(st.sampled_from([False, False, True])),
        in_grace=draw(st.sampled_from([False, False, True])),
    )


@st.composite
def judgeable(draw: st.DrawFn, *, strange: bool = False) -> tuple[RawTenant, Settings, Person]:
    """A tenant, what is read of it, and somebody."""
    tenant = draw(tenants(strange=strange))
    return tenant, settings_of(tenant), draw(persons(tenant))


def settings_of(tenant: RawTenant, *, defaults: bool | Unknown = False) -> Settings:
    """What is read of a tenant."""
    return Settings(
        policies=read(tenant), locations=locations_of(tenant), security_defaults=defaults
    )


def extents(tenant: RawTenant, person: Person) -> tuple[int, int]:
    """How far its policies require MFA of somebody."""
    found = Requirements(read(tenant)).of(person.belonging)
    return found.least, found.most


@laws
@given(drawn=judgeable(strange=True), which=st.integers(0, 4), more=st.sampled_from(EXCLUSIONS))
def test_an_exclusion_never_protects(
    drawn: tuple[RawTenant, Settings, Person], which: int, more: dict[str, Any]
) -> None:
    """Excluding people from a policy leaves nobody more covered."""
    tenant, _, person = drawn
    if not tenant.policies:
        return
    changed = list(tenant.policies)
    policy = changed[which % len(changed)]
    users = policy["conditions"]["users"]
    joined = {name: [*users.get(name, ()), *added] for name, added in more.items()}
    conditions = policy["conditions"] | {"users": users | joined}
    changed[which % len(changed)] = {**policy, "conditions": conditions}
    before = extents(tenant, person)
    after = extents(replace(tenant, policies=tuple(changed)), person)
    assert after[0] <= before[0]
    assert after[1] <= before[1]


@laws
@given(
    drawn=judgeable(strange=True),
    which=st.integers(0, 4),
    name=st.sampled_from(["excludeApplications", "excludePlatforms", "excludeLocations"]),
)
def test_an_exclusion_of_sign_ins_never_protects(
    drawn: tuple[RawTenant, Settings, Person], which: int, name: str
) -> None:
    """Nor does excluding an application, a platform or a location."""
    tenant, _, person = drawn
    if not tenant.policies:
        return
    part, wide, value = {
        "excludeApplications": ("applications", "includeApplications", "App-1"),
        "excludePlatforms": ("platforms", "includePlatforms", "windows"),
        "excludeLocations": ("locations", "includeLocations", "Place-HQ"),
    }[name]
    changed = list(tenant.policies)
    policy = changed[which % len(changed)]
    whole = "all" if part == "platforms" else "All"
    said = policy["conditions"].get(part) or {wide: [whole]}
    if wide not in said:
        return  # It is about no application: Graph takes none to exclude.
    more = {**said, name: [*said.get(name, ()), value]}
    changed[which % len(changed)] = {**policy, "conditions": {**policy["conditions"], part: more}}
    before = extents(tenant, person)
    after = extents(replace(tenant, policies=tuple(changed)), person)
    assert after[0] <= before[0]
    assert after[1] <= before[1]


@laws
@given(drawn=judgeable(strange=True), more=policies_at_random())
def test_a_policy_never_exposes(
    drawn: tuple[RawTenant, Settings, Person], more: tuple[dict[str, Any], ...]
) -> None:
    """However much it asks for, one policy more covers nobody less."""
    tenant, _, person = drawn
    before = extents(tenant, person)
    after = extents(replace(tenant, policies=(*tenant.policies, *more)), person)
    assert after[0] >= before[0]
    assert after[1] >= before[1]


@laws
@given(drawn=judgeable(), state=st.sampled_from(["disabled", "enabledForReportingButNotEnforced"]))
def test_the_state_of_a_policy_is_none_of_the_engine(
    drawn: tuple[RawTenant, Settings, Person], state: str
) -> None:
    """The adapter hands over those that are switched on; a handed one counts as such."""
    tenant, known, _ = drawn
    told = tuple({**policy, "state": state} for policy in tenant.policies)
    assert read(replace(tenant, policies=told)) == known.policies


@laws
@given(drawn=judgeable(strange=True), data=st.data())
def test_order_changes_nothing(
    drawn: tuple[RawTenant, Settings, Person], data: st.DataObject
) -> None:
    """Neither that of the policies nor that of what they say."""
    tenant, known, person = drawn
    shuffled = data.draw(st.permutations(tenant.policies))
    told = tuple(
        {**policy, "conditions": dict(reversed(policy["conditions"].items()))}
        for policy in shuffled
    )
    other = Judge(settings_of(replace(tenant, policies=told)))(person)
    same = Judge(known)(person)
    assert (other.verdict, other.legacy, other.app_passwords) == (
        same.verdict,
        same.legacy,
        same.app_passwords,
    )
    assert set(other.codes) == set(same.codes)


def renamed(told: Any) -> Any:  # noqa: ANN401  (whatever Graph tells)
    """The same with other ids."""
    if isinstance(told, Mapping):
        return {renamed(name): renamed(value) for name, value in told.items()}
    if isinstance(told, list | tuple | frozenset):
        return type(told)(renamed(one) for one in told)
    is_id = isinstance(told, str) and told.startswith(IDS)
    return f"Z{told[::-1]}" if is_id else told


@laws
@given(drawn=judgeable(strange=True), who=people)
def test_names_change_nothing(drawn: tuple[RawTenant, Settings, Person], who: Someone) -> None:
    """People, groups, roles, locations, strengths and applications may have any ids."""
    tenant, known, person = drawn
    other = RawTenant(**{one.name: renamed(getattr(tenant, one.name)) for one in fields(tenant)})
    alias = replace(who, user_id=renamed(who.user_id))
    same = Judge(known)(replace(person, belonging=belonging(tenant, who)))
    found = Judge(settings_of(other))(replace(person, belonging=belonging(other, alias)))
    assert (found.verdict, found.legacy) == (same.verdict, same.legacy)
    assert set(found.codes) == set(same.codes)


@laws
@given(drawn=judgeable(), what=st.sampled_from(range(13)), key=st.sampled_from(GROUPS))
def test_what_is_unread_leaves_the_verdict_or_moves_it_to_unknown(
    drawn: tuple[RawTenant, Settings, Person], what: int, key: str
) -> None:
    """Whatever it is that can't be read: nobody is told to be safer or less safe by it.

    Nor is a reason told that may be none, whatever else can't be read.
    """
    tenant, known, person = drawn
    before = Judge(known)(person)
    their = person.belonging
    strange = [
        {**policy, "conditions": {**policy["conditions"], "new": 1}}
        for policy in tenant.policies[:1]
    ]
    control = [
        {**policy, "grantControls": {"operator": "OR", "builtInControls": ["new"]}}
        for policy in tenant.policies[:1]
    ]
    rest = tenant.policies[1:]
    small = key.casefold()
    assert not isinstance(their.could_join, Unknown)
    doors = replace(their, could_join=their.could_join - {small}, unread_joins=frozenset({small}))
    hidden = replace(
        their, groups=their.groups - {small}, unread_groups=their.unread_groups | {small}
    )
    tried = [
        (known, replace(person, state=DIM)),
        (known, replace(person, registration=DIM)),
        (known, replace(person, exempt=DIM)),
        (known, replace(person, elsewhere=DIM)),
        (replace(known, policies=DIM), person),
        (replace(known, security_defaults=DIM), person),
        (known, replace(person, belonging=hidden)),
        (known, replace(person, belonging=replace(their, roles=DIM, could_hold=DIM))),
        (known, replace(person, belonging=replace(their, could_join=DIM))),
        (known, replace(person, belonging=replace(their, guest=DIM))),
        (known, replace(person, belonging=doors)),
        (settings_of(replace(tenant, policies=(*strange, *rest))), person),
        (settings_of(replace(tenant, policies=(*control, *rest))), person),
    ]
    judge, unread = Judge(tried[what][0]), tried[what][1]
    after = judge(unread)
    assert after.verdict in {before.verdict, Verdict.UNKNOWN}
    assert after.legacy in {before.legacy, "unknown"}
    assert after.app_passwords in {before.app_passwords, "unknown"}
    for posture in (after, judge(replace(unread, registration=DIM))):
        told = {code for code in posture.codes if not code.startswith("unknown-")}
        assert posture.verdict is Verdict.UNKNOWN or told <= set(before.codes)


@laws
@given(drawn=judgeable(strange=True))
def test_what_nobody_attested_is_judged_as_if_there_were_none(
    drawn: tuple[RawTenant, Settings, Person],
) -> None:
    """Trusted IPs: the verdict says so wherever it matters, and a door is unknown then."""
    tenant, _, person = drawn
    attested = replace(tenant, trusted_ips=False)
    none, some = Judge(settings_of(attested)), Judge(settings_of(replace(tenant, trusted_ips=True)))
    found = Judge(settings_of(replace(tenant, trusted_ips=None)))(person)
    expected, contrary = none(person), some(person)
    assert found.verdict is expected.verdict
    for door in ("legacy", "app_passwords"):
        either = {getattr(expected, door), getattr(contrary, door)}
        assert getattr(found, door) == (either.pop() if len(either) == 1 else "unknown")
    assert set(found.codes) - {ReasonCode.NO_TRUSTED_IPS_ASSUMED} == set(expected.codes)
    if contrary.verdict is not found.verdict and found.verdict is not Verdict.UNKNOWN:
        assert ReasonCode.NO_TRUSTED_IPS_ASSUMED in found.codes


@laws
@given(data=st.data())
def test_people_are_never_mixed_up(data: st.DataObject) -> None:
    """Who is judged after others is judged as if they were the first."""
    tenant = data.draw(tenants(strange=True))
    known = settings_of(tenant)
    crowd = data.draw(st.lists(persons(tenant), min_size=2, max_size=12))
    judge = Judge(known)
    assert [judge(person) for person in crowd] == [Judge(known)(person) for person in crowd]
