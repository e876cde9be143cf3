"""Policies as Graph tells them, and what the engine makes of them."""

from typing import Any, Final

from shared.domain.conditional_access.assignments import Belonging
from shared.domain.conditional_access.policies import Policy
from shared.domain.conditional_access.reading import Surroundings, read_policy
from shared.domain.conditional_access.requirement import Extent, Requirement, Requirements
from shared.domain.conditional_access.strengths import Strength
from shared.domain.ids import UserId

KIM: Final = Belonging(user_id=UserId("kim"))
ALL_APPS: Final = {"includeApplications": ["All"]}
MFA: Final = {"operator": "OR", "builtInControls": ["mfa"]}
BLOCK: Final = {"operator": "OR", "builtInControls": ["block"]}
STRENGTHS: Final = {
    "s-mfa": Strength(
        strength_id="s-mfa",
        name="MFA",
        combinations=frozenset({frozenset({"fido2"}), frozenset({"password", "sms"})}),
        is_mfa=True,
    ),
    "s-weak": Strength(
        strength_id="s-weak",
        name="Any certificate",
        combinations=frozenset({frozenset({"x509certificatesinglefactor"})}),
        is_mfa=False,
    ),
    "s-odd": Strength(
        strength_id="s-odd",
        name="Graph calls it MFA",
        combinations=frozenset({frozenset({"fido2"}), frozenset({"sms"})}),
        is_mfa=True,
    ),
    "s-unsaid": Strength(
        strength_id="s-unsaid",
        name="Graph does not say what it is",
        combinations=frozenset({frozenset({"fido2"})}),
        is_mfa=None,
    ),
}
AROUND: Final = Surroundings(strengths=STRENGTHS)

EVERYWHERE, PARTLY, NOWHERE = Extent.EVERYWHERE, Extent.PARTLY, Extent.NOWHERE


def told(
    users: dict[str, Any] | None = None,
    grant: object = MFA,
    name: str = "policy",
    **conditions: object,
) -> dict[str, Any]:
    """A policy that requires MFA of everybody everywhere, but for what is said here."""
    return {
        "id": name,
        "displayName": name,
        "state": "enabled",
        "conditions": {
            "clientAppTypes": ["all"],
            "applications": ALL_APPS,
            "users": {"includeUsers": ["All"]} if users is None else users,
            **conditions,
        },
        "grantControls": grant,
    }


def policies(*tellings: dict[str, Any], around: Surroundings = AROUND) -> tuple[Policy, ...]:
    """What is read of them."""
    found = (read_policy(one, around) for one in tellings)
    return tuple(one for one in found if one is not None)


def required(
    *tellings: dict[str, Any], person: Belonging = KIM, around: Surroundings = AROUND
) -> Requirement:
    """What they require of a person."""
    return Requirements(policies(*tellings, around=around)).of(person)


def extents(
    *tellings: dict[str, Any], person: Belonging = KIM, around: Surroundings = AROUND
) -> tuple[Extent, Extent]:
    """How far they require MFA, at the least and at the most."""
    found = required(*tellings, person=person, around=around)
    return found.least, found.most
