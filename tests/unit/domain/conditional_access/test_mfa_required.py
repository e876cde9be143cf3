"""Of whom policies require MFA: of a group's members, only where it is true of each of them."""

from typing import Any

import pytest

from shared.domain.authentication import Unknown
from shared.domain.conditional_access.answers import MfaRequired
from shared.domain.conditional_access.asking import mfa_required
from shared.domain.conditional_access.reading import Surroundings
from shared.domain.ids import GroupId
from tests.unit.domain.conditional_access.telling import BLOCK, MFA, STRENGTHS, policies, told

GROUP = GroupId("Staff")
MEMBERS = {"includeGroups": ["STAFF"]}
STRENGTH = {"operator": "OR", "authenticationStrength": {"id": "s-mfa"}}
ALTERNATIVE = {"operator": "OR", "builtInControls": ["mfa", "compliantDevice"]}
AROUND = Surroundings(locations=Unknown("They were not read."), strengths=STRENGTHS)
BUT_APP = {"includeApplications": ["All"], "excludeApplications": ["app"]}
BUT_TRUSTED = {"includeLocations": ["All"], "excludeLocations": ["AllTrusted"]}


def required(*tellings: dict[str, Any]) -> MfaRequired:
    """What follows from these policies."""
    return mfa_required(policies(*tellings, around=AROUND))


@pytest.mark.parametrize(
    "tellings",
    [
        [told(MEMBERS)],
        [told(MEMBERS, grant=STRENGTH)],
        [told(MEMBERS, locations={"includeLocations": ["All"]})],
        [told({**MEMBERS, "includeRoles": ["role"], "includeUsers": ["lee"]})],
        [told({**MEMBERS, "excludeUsers": ["lee"]}), told({"includeUsers": ["lee"]})],
        [
            told(MEMBERS, applications=BUT_APP),
            told(MEMBERS, grant=BLOCK, applications={"includeApplications": ["app"]}),
        ],
        [told(MEMBERS), told({"includeUsers": ["All"], "excludeGroups": ["staff"]}, grant=None)],
    ],
)
def test_a_group_of_whose_members_mfa_is_always_required(tellings: list[dict[str, Any]]) -> None:
    """By one policy, or by what several leave nothing of; and of that group alone."""
    found = required(*tellings)
    assert found.of_groups == {"staff"}
    assert found.of_members(GROUP)
    assert not found.of_members(GroupId("others"))


@pytest.mark.parametrize(
    "tellings",
    [
        [told()],
        [told({"includeUsers": ["All"], "excludeUsers": ["lee"]}), told({"includeUsers": ["lee"]})],
        [
            told({"includeUsers": ["All"], "excludeGroups": ["staff"]}),
            told(MEMBERS),
            told({"includeUsers": ["All"]}, clientAppTypes=["other"]),
            told(clientAppTypes=["browser", "mobileAppsAndDesktopClients", "exchangeActiveSync"]),
        ],
    ],
)
def test_what_is_required_of_everybody_is_required_of_every_group(
    tellings: list[dict[str, Any]],
) -> None:
    """Also of groups that no policy names."""
    found = required(*tellings)
    assert found.of_everybody
    assert found.of_members(GroupId("whichever"))


@pytest.mark.parametrize(
    "telling",
    [
        told(MEMBERS, grant=ALTERNATIVE),
        told(MEMBERS, grant={"operator": "OR", "authenticationStrength": {"id": "s-weak"}}),
        told(MEMBERS, grant={"operator": "OR", "authenticationStrength": {"id": "s-odd"}}),
        told(MEMBERS, grant={"operator": "OR", "authenticationStrength": {"id": "s-gone"}}),
        told(MEMBERS, clientAppTypes=["browser"]),
        told(MEMBERS, clientAppTypes=["browser", "mobileAppsAndDesktopClients"]),
        told(MEMBERS, applications={"includeApplications": ["Office365"]}),
        told(MEMBERS, applications=BUT_APP),
        told(MEMBERS, signInRiskLevels=["high"]),
        told(MEMBERS, platforms={"includePlatforms": ["android"]}),
        told(MEMBERS, locations=BUT_TRUSTED),
        told(MEMBERS, somethingNew=["x"]),
        told({**MEMBERS, "excludeUsers": ["lee"]}),
        told({**MEMBERS, "excludeGroups": ["others"]}),
        told({**MEMBERS, "excludeGroups": ["staff"]}),
        told({**MEMBERS, "excludeRoles": ["role"]}),
        told({**MEMBERS, "excludeUsers": ["GuestsOrExternalUsers"]}),
        told({**MEMBERS, "excludeSomethingNew": ["x"]}),
    ],
)
def test_whoever_may_get_past_it_is_not_surely_protected(telling: dict[str, Any]) -> None:
    """An alternative, one factor, a client, an application, a condition, any exclusion."""
    found = required(telling)
    assert (found.of_everybody, found.of_groups) == (False, frozenset())
    assert not found.of_members(GROUP)


@pytest.mark.parametrize(
    ("telling", "of_anybody"),
    [
        (told({"includeUsers": ["lee"]}, signInRiskLevels=["high"]), True),
        (told(MEMBERS, grant=ALTERNATIVE), True),
        (told(MEMBERS, grant=STRENGTH), True),
        (
            told(MEMBERS, grant={"operator": "OR", "authenticationStrength": {"id": "s-weak"}}),
            False,
        ),
        (told(MEMBERS, grant=BLOCK), False),
        (told(MEMBERS, grant=None), False),
        (told({"includeUsers": ["None"]}, grant=MFA), False),
    ],
)
def test_somebody_is_asked_for_mfa(telling: dict[str, Any], *, of_anybody: bool) -> None:
    """Wherever, and be it as one way of several; not by what takes one factor, or bars them."""
    assert required(telling).of_anybody is of_anybody
