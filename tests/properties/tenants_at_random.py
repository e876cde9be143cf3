"""Small tenants at random, most of them nearly covered: what one policy leaves, another takes."""

from collections.abc import Callable
from typing import Any, Final

from hypothesis import strategies as st

from tests.properties.sayings import (
    GRANTS,
    LOCATIONS,
    MFA,
    NO_APPLICATION,
    STRANGE_GRANTS,
    STRENGTHS,
)
from tests.properties.sign_in_world import (
    EXCHANGE,
    LEGACY,
    MODERN,
    PLATFORMS,
    RISKS,
    TRUSTED_IPS,
    RawTenant,
    Someone,
)

KIM, LEE, MAX = "User-Kim", "User-Lee", "User-Max"
PEOPLE: Final = (
    Someone(KIM),
    Someone(LEE),
    Someone(MAX, "b2bCollaborationGuest"),
    Someone("User-Ida", "internalGuest"),
)
GROUPS: Final = ("Group-A", "Group-B", "Group-C")
ROLES: Final = ("Role-A", "Role-B")
RULE: Final = "device.isCompliant -eq True"
APP_RULE: Final = 'CustomSecurityAttribute.Set.Kind -eq "old"'

Conditions = dict[str, Any]
Halves = Callable[[Conditions, list[Any]], tuple[Conditions, Conditions]]


def everything() -> Conditions:
    """The conditions of a policy for everybody and everything."""
    return {
        "clientAppTypes": ["all"],
        "applications": {"includeApplications": ["All"]},
        "users": {"includeUsers": ["All"]},
    }


def _split_apps(known: Conditions, some: list[Any]) -> tuple[Conditions, Conditions]:
    return (
        known | {"applications": {"includeApplications": ["All"], "excludeApplications": some}},
        known | {"applications": {"includeApplications": some}},
    )


def _split_app_filter(known: Conditions, _: list[Any]) -> tuple[Conditions, Conditions]:
    return (
        known
        | {
            "applications": {
                "includeApplications": ["All"],
                "applicationFilter": {"mode": "exclude", "rule": APP_RULE},
            }
        },
        known
        | {
            "applications": {
                "includeApplications": [],
                "applicationFilter": {"mode": "include", "rule": APP_RULE},
            }
        },
    )


def _split_clients(known: Conditions, some: list[Any]) -> tuple[Conditions, Conditions]:
    others = [one for one in (*MODERN, *LEGACY) if one not in some]
    return known | {"clientAppTypes": some}, known | {"clientAppTypes": others}


def _split_platforms(known: Conditions, some: list[Any]) -> tuple[Conditions, Conditions]:
    return (
        known | {"platforms": {"includePlatforms": ["all"], "excludePlatforms": some}},
        known | {"platforms": {"includePlatforms": some, "excludePlatforms": []}},
    )


def _split_known_platforms(known: Conditions, _: list[Any]) -> tuple[Conditions, Conditions]:
    return _split_platforms(known, list(PLATFORMS))


def _split_places(known: Conditions, some: list[Any]) -> tuple[Conditions, Conditions]:
    return (
        known | {"locations": {"includeLocations": ["All"], "excludeLocations": some}},
        known | {"locations": {"includeLocations": some, "excludeLocations": []}},
    )


def _split_device(known: Conditions, _: list[Any]) -> tuple[Conditions, Conditions]:
    return (
        known | {"devices": {"deviceFilter": {"mode": "exclude", "rule": RULE}}},
        known | {"devices": {"deviceFilter": {"mode": "include", "rule": RULE}}},
    )


def _split_level(name: str, levels: tuple[str, ...], *, as_text: bool = False) -> Halves:
    def split(known: Conditions, some: list[Any]) -> tuple[Conditions, Conditions]:
        others = [one for one in levels if one not in some]
        halves = [",".join(one) if as_text else one for one in (some, others)]
        return known | {name: halves[0]}, known | {name: halves[1]}

    return split


def _split_flow(known: Conditions, some: list[Any]) -> tuple[Conditions, Conditions]:
    return known, known | {"authenticationFlows": {"transferMethods": ",".join(some)}}


def _split_groups(known: Conditions, some: list[Any]) -> tuple[Conditions, Conditions]:
    return (
        known | {"users": {"includeUsers": ["All"], "excludeGroups": some}},
        known | {"users": {"includeUsers": [], "includeGroups": some}},
    )


def _split_roles(known: Conditions, some: list[Any]) -> tuple[Conditions, Conditions]:
    return (
        known | {"users": {"includeUsers": ["All"], "excludeRoles": some}},
        known | {"users": {"includeUsers": ["None"], "includeRoles": some}},
    )


def _split_people(known: Conditions, some: list[Any]) -> tuple[Conditions, Conditions]:
    return (
        known | {"users": {"includeUsers": ["All"], "excludeUsers": some}},
        known | {"users": {"includeUsers": some}},
    )


def _split_guests(known: Conditions, some: list[Any]) -> tuple[Conditions, Conditions]:
    told = {
        "guestOrExternalUserTypes": ",".join(some),
        "externalTenants": {"membershipKind": "all"},
    }
    return (
        known | {"users": {"includeUsers": ["All"], "excludeGuestsOrExternalUsers": told}},
        known | {"users": {"includeUsers": [], "includeGuestsOrExternalUsers": told}},
    )


_LEVELS: Final = RISKS
_INSIDER: Final = ("minor", "moderate", "elevated")
SPLITS: Final[dict[str, tuple[Halves, tuple[str, ...]]]] = {
    "apps": (_split_apps, ("App-1", "App-2", EXCHANGE, "Office365", "MicrosoftAdminPortals")),
    "app filter": (_split_app_filter, ("",)),
    "clients": (_split_clients, (*MODERN, *LEGACY)),
    "platforms": (_split_platforms, PLATFORMS),
    "known platforms": (_split_known_platforms, ("",)),
    "places": (_split_places, (*LOCATIONS, "AllTrusted", TRUSTED_IPS)),
    "device": (_split_device, ("",)),
    "sign-in risk": (_split_level("signInRiskLevels", _LEVELS), _LEVELS),
    "user risk": (_split_level("userRiskLevels", _LEVELS), _LEVELS),
    "insider risk": (_split_level("insiderRiskLevels", _INSIDER, as_text=True), _INSIDER),
    "flow": (_split_flow, ("deviceCodeFlow", "authenticationTransfer")),
    "groups": (_split_groups, GROUPS),
    "roles": (_split_roles, ROLES),
    "people": (_split_people, (KIM, LEE, MAX, "GuestsOrExternalUsers")),
    "guests": (_split_guests, ("b2bCollaborationGuest", "internalGuest", "serviceProvider")),
}
_ABOUT_PEOPLE: Final = ("groups", "roles", "people", "guests")
_COMMON: Final = ("apps", "clients", "platforms", "places", "device", "sign-in risk")


@st.composite
def covers_of_everything(draw: st.DrawFn) -> list[Conditions]:
    """Conditions that together leave nothing, before somebody spoils them."""
    pieces = [everything()]
    for _ in range(draw(st.integers(0, 3))):
        piece = pieces.pop(draw(st.integers(0, len(pieces) - 1)))
        kinds = (_COMMON, _COMMON, _ABOUT_PEOPLE, sorted(SPLITS))
        name = draw(st.sampled_from(draw(st.sampled_from(kinds))))
        split, pool = SPLITS[name]
        some = draw(st.lists(st.sampled_from(pool), min_size=1, max_size=2, unique=True))
        pieces += split(piece, some)
    return pieces


@st.composite
def policies_at_random(draw: st.DrawFn, *, strange: bool = False) -> tuple[dict[str, Any], ...]:
    """Up to five policies."""
    drawn = draw(covers_of_everything())
    if draw(st.booleans()):
        drawn += draw(covers_of_everything())
    drawn = draw(st.permutations(drawn))[:5]
    drawn = drawn[draw(st.sampled_from([0, 0, 0, 1, 1, 2, 5])) :]
    policies = []
    for number, piece in enumerate(drawn):
        conditions = piece
        grant: dict[str, Any] | None = MFA
        if draw(st.integers(0, 3)) == 0:
            grant = draw(st.sampled_from(GRANTS))
        if draw(st.integers(0, 11)) == 0:
            conditions = piece | {"applications": draw(st.sampled_from(NO_APPLICATION))}
        if strange and draw(st.booleans()):
            which = draw(st.integers(0, 2))
            if which == 0:
                grant = draw(st.sampled_from(STRANGE_GRANTS))
            elif which == 1:
                conditions = conditions | {"timesOfDay": ["night"]}
            else:
                conditions = conditions | {"users": draw(_enumerated())}
        policies.append(
            {
                "id": f"policy-{number}",
                "displayName": f"Policy {number}",
                "state": "enabled",
                "conditions": conditions,
                "grantControls": grant,
            }
        )
    return tuple(policies)


def _enumerated() -> st.SearchStrategy[dict[str, Any]]:
    told = {
        "guestOrExternalUserTypes": "b2bCollaborationGuest",
        "externalTenants": {"membershipKind": "enumerated", "members": ["somebody"]},
    }
    return st.sampled_from(
        [
            {"includeUsers": ["All"], "excludeGuestsOrExternalUsers": told},
            {"includeUsers": [], "includeGuestsOrExternalUsers": told},
        ]
    )


def _memberships(names: tuple[str, ...], members: list[str]) -> st.SearchStrategy[Any]:
    some = st.lists(st.sampled_from(members), max_size=2, unique=True).map(tuple)
    return st.fixed_dictionaries(dict.fromkeys(names, some))


@st.composite
def tenants(draw: st.DrawFn, *, strange: bool = False) -> RawTenant:
    """A small tenant; a strange one has things that can't be read or understood."""
    people = [one.user_id for one in PEOPLE]
    holders = [KIM, LEE, MAX, *GROUPS]
    unread: set[str] = set()
    if strange:
        unread = draw(st.sets(st.sampled_from(GROUPS), max_size=2))
    return RawTenant(
        policies=draw(policies_at_random(strange=strange)),
        locations=LOCATIONS,
        trusted_ips=draw(st.booleans()),
        strengths=STRENGTHS,
        groups=draw(_memberships(GROUPS, [*people, *GROUPS])),
        roles=draw(_memberships(ROLES, holders)),
        eligible=draw(_memberships(ROLES, [KIM, KIM, *GROUPS])),
        joinable=draw(_memberships(GROUPS, [LEE, LEE, *GROUPS])),
        unread=frozenset(unread),
    )
