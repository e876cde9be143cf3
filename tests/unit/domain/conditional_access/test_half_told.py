"""Policies of which a part is missing, null, empty or of another form."""

from typing import Any

import pytest

from tests.unit.domain.conditional_access.telling import EVERYWHERE, NOWHERE, extents, told

WHOLE = told()
CONDITIONS = WHOLE["conditions"]


def without(part: str, of: dict[str, Any]) -> dict[str, Any]:
    """The same but for one part."""
    return {name: value for name, value in of.items() if name != part}


def but(**conditions: object) -> dict[str, Any]:
    """A policy for everybody with other conditions."""
    return WHOLE | {"conditions": CONDITIONS | conditions}


@pytest.mark.parametrize(
    "policy",
    [
        without("conditions", WHOLE),
        WHOLE | {"conditions": None},
        *(WHOLE | {"conditions": without(part, CONDITIONS)} for part in CONDITIONS),
        *(but(**{part: told}) for part in CONDITIONS for told in (None, 5)),
        without("grantControls", WHOLE),
        WHOLE | {"grantControls": []},
        WHOLE | {"grantControls": "mfa"},
        but(applications={"excludeApplications": ["app"]}),
        but(platforms={"excludePlatforms": ["linux"]}),
        but(platforms="all"),
        but(locations={"excludeLocations": ["place"]}),
        but(locations=["All"]),
    ],
)
def test_half_a_policy_proves_nothing(policy: dict[str, Any]) -> None:
    """It may cover everybody everywhere, or nobody."""
    assert extents(policy) == (NOWHERE, EVERYWHERE)


@pytest.mark.parametrize(
    "policy",
    [
        WHOLE | {"grantControls": None},
        WHOLE | {"grantControls": {}},
        but(users={}),
        but(users={"includeUsers": [], "includeGroups": None}),
    ],
)
def test_what_is_told_to_be_empty_is_empty(policy: dict[str, Any]) -> None:
    """A policy about sessions alone has no grant, and one that names nobody covers nobody."""
    assert extents(policy) == (NOWHERE, NOWHERE)


@pytest.mark.parametrize(
    "part",
    [
        *("platforms", "locations", "devices", "authenticationFlows", "signInRiskLevels"),
        *(
            "userRiskLevels",
            "insiderRiskLevels",
            "clientApplications",
            "servicePrincipalRiskLevels",
        ),
    ],
)
@pytest.mark.parametrize("nothing", [None, [], {}, ""], ids=repr)
def test_a_condition_that_says_nothing_is_none(part: str, nothing: object) -> None:
    """Graph writes null, or an empty list, where a condition is not set."""
    assert extents(but(**{part: nothing})) == (EVERYWHERE, EVERYWHERE)
