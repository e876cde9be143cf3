"""A joiner is prepared before they are enabled, by the tenant's own truth; both strategies."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from local.stack.stack import Options, Stack
from tests.e2e.company import QUICK, Company, Json
from tests.stands.graph import GraphControl

SSPR = "c0000000-0000-4000-8000-000000000001"
REGISTRATION = "c0000000-0000-4000-8000-000000000002"
ENFORCEMENT = "c0000000-0000-4000-8000-000000000003"
EMAIL = "kim.private@example.org"
GROUPS = {
    "MFA_SSPR_GROUP_ID": SSPR,
    "MFA_REGISTRATION_GROUP_ID": REGISTRATION,
    "MFA_ENFORCEMENT_GROUP_ID": ENFORCEMENT,
}
STRATEGIES = ("per-user", "group")


@pytest.fixture(scope="module", params=STRATEGIES)
def strategy(request: pytest.FixtureRequest) -> str:
    """Each strategy in turn."""
    return str(request.param)


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory, strategy: str) -> Iterator[Stack]:
    """A stack of this strategy, in a tenant with its groups."""
    settings = {**QUICK, **GROUPS, "MFA_STRATEGY": strategy}
    with Stack(tmp_path_factory.mktemp("stack"), Options(settings=settings)) as stack:
        tenant = GraphControl(stack.description.graph)
        for group in (SSPR, REGISTRATION, ENFORCEMENT):
            tenant.do("POST", "groups", {"displayName": group, "id": group})
        tenant.close()
        yield stack


async def members(company: Company, group: str) -> list[str]:
    """Who is in a group, by the tenant's own truth."""
    truth: Json = await company.sim("GET", f"groups/{group}")
    return list(truth["members"])


def kinds(truth: Json) -> set[str]:
    """What methods a person has."""
    return {method["@odata.type"].removeprefix("#microsoft.graph.") for method in truth["methods"]}


async def test_a_joiner_is_prepared_enabled_registers_and_is_enforced(
    company: Company, strategy: str
) -> None:
    """The e-mail and the group first; then the strategy's own way, and never the other one's."""
    person = await company.employ()
    user = person["id"]
    told = company.joiner(person, contact={"email": EMAIL})
    case_id = await company.announce(told)
    await company.reach([case_id], "waiting-registration")
    truth = await company.truth(user)
    assert kinds(truth) == {"passwordAuthenticationMethod", "emailAuthenticationMethod"}
    (email,) = (one for one in truth["methods"] if "emailAddress" in one)
    assert email["emailAddress"] == EMAIL
    assert user in await members(company, SSPR)
    by_group = strategy == "group"
    assert truth["perUserMfaState"] == ("disabled" if by_group else "enabled")
    assert (user in await members(company, REGISTRATION)) is by_group
    assert (user in await members(company, ENFORCEMENT)) is not by_group

    await company.register(user)
    case = (await company.reach([case_id], "completed"))[case_id]
    assert user in await members(company, ENFORCEMENT)
    state = (await company.truth(user))["perUserMfaState"]
    assert state == ("disabled" if by_group else "enforced")
    done = [step["action"] for step in case["steps"] if step["outcome"] == "done"]
    if by_group:
        enabled = ["join-group", "join-group", "complete"]
        assert done == ["accept", "find-account", "prepare-email", "join-group", *enabled]
    else:
        enabled = ["join-group", "join-group", "enable", "enforce", "complete"]
        assert done == ["accept", "find-account", "prepare-email", *enabled]
    assert EMAIL not in str(case)


async def test_a_leaver_leaves_the_group_for_password_reset(company: Company) -> None:
    """Out of that one in the end, by the tenant's own truth; what requires MFA is kept."""
    person = await company.employ()
    user = person["id"]
    joiner = await company.announce(company.joiner(person))
    await company.reach([joiner], "waiting-registration")
    await company.register(user)
    await company.reach([joiner], "completed")
    before = await company.truth(user)
    leaver = await company.announce(company.leaver(person, await company.now()))
    await company.reach([leaver], "waiting-disabled")
    await company.administrator.corrects(user, accountEnabled=False)
    assert user in await members(company, SSPR)
    await company.advance(timedelta(days=1).total_seconds())
    case = (await company.reach([leaver], "completed"))[leaver]
    assert case["warnings"] == []
    assert user not in await members(company, SSPR)
    assert user in await members(company, ENFORCEMENT)
    assert (await company.truth(user))["perUserMfaState"] == before["perUserMfaState"]


async def test_a_phone_closes_the_time_in_which_others_could_register(
    company: Company, strategy: str
) -> None:
    """Who has a phone from the start is enforced at once, in Graph's format."""
    person = await company.employ()
    told = company.joiner(person, contact={"mobile": "+1 (206) 555-0142"})
    case_id = await company.announce(told)
    await company.reach([case_id], "completed")
    truth = await company.truth(person["id"])
    (phone,) = (one for one in truth["methods"] if "phoneNumber" in one)
    assert (phone["phoneNumber"], phone["phoneType"]) == ("+1 2065550142", "mobile")
    assert person["id"] in await members(company, ENFORCEMENT)
    assert truth["perUserMfaState"] == ("disabled" if strategy == "group" else "enforced")


async def test_whoever_uses_the_account_keeps_it(company: Company) -> None:
    """Signed in, old, or with another password: no contact lands there, and the case says why.

    A sign-in shows a day later, which is the longest that Microsoft speaks of; a password at once.
    """
    old = await company.employ()
    await company.advance(timedelta(days=30).total_seconds())
    signed_in = await company.employ()
    await company.sim("POST", f"users/{signed_in['id']}/sign-in", {})
    renewed = await company.employ()
    await company.advance(timedelta(days=1, minutes=1).total_seconds())
    await company.sim("POST", f"users/{renewed['id']}/password", {})
    people = [old, signed_in, renewed]
    contact = {"mobile": "+12065550142", "email": EMAIL}
    cases = [await company.announce(company.joiner(person, contact=contact)) for person in people]
    reached = await company.reach(cases, "waiting-registration")
    for person, case_id in zip(people, cases, strict=True):
        assert kinds(await company.truth(person["id"])) == {"passwordAuthenticationMethod"}
        skipped = [step for step in reached[case_id]["steps"] if step["outcome"] == "skipped"]
        assert [step["action"] for step in skipped] == ["prepare-email", "prepare-mobile"]
        assert all(step["detail"].startswith("preparation skipped: ") for step in skipped)
