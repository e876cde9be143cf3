"""Whom a policy covers, told from the directory's own lists; part of the oracle."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.properties.sign_in_oracle import Answer
from tests.properties.sign_in_world import Raw, RawTenant, Someone


@dataclass(frozen=True)
class Standing:
    """What somebody is, with the nesting of groups resolved.

    Attributes:
        groups: all groups to which they belong.
        could_join: those to which they could belong.
        roles: those that they hold.
        could_hold: those that they could hold.
    """

    groups: frozenset[str]
    could_join: frozenset[str]
    roles: frozenset[str]
    could_hold: frozenset[str]


def standing(tenant: RawTenant, who: Someone) -> Standing:
    """What somebody is in a tenant."""
    groups = _holding(tenant.groups, {who.user_id})
    while True:
        more = groups | _holding(tenant.groups, groups)
        if more == groups:
            break
        groups = more
    selves = {who.user_id, *groups}
    roles = _holding(tenant.roles, selves)
    return Standing(
        groups=frozenset(groups),
        could_join=frozenset(_holding(tenant.joinable, selves)),
        roles=frozenset(roles),
        could_hold=frozenset(roles | _holding(tenant.eligible, selves)),
    )


def covers(policy: Raw, tenant: RawTenant, who: Someone) -> Answer:
    """Whether a policy is about somebody."""
    users, their = policy["conditions"]["users"], standing(tenant, who)
    included = _named(users, "include", tenant, who, their)
    excluded = _named(users, "exclude", tenant, who, their)
    if set(users.get("excludeGroups", ())) & their.could_join:
        excluded = True
    if set(users.get("excludeRoles", ())) & their.could_hold:
        excluded = True
    if included is False or excluded is True:
        return False
    return True if included is True and excluded is False else None


def _named(users: Raw, verb: str, tenant: RawTenant, who: Someone, their: Standing) -> Answer:
    people = users.get(f"{verb}Users", ())
    groups = set(users.get(f"{verb}Groups", ()))
    if "All" in people or who.user_id in people:
        return True
    if who.guest and "GuestsOrExternalUsers" in people:
        return True
    if groups & (their.groups - tenant.unread) or set(users.get(f"{verb}Roles", ())) & their.roles:
        return True
    told = users.get(f"{verb}GuestsOrExternalUsers", {"guestOrExternalUserTypes": ""})
    is_kind = bool(who.guest) and who.guest in told["guestOrExternalUserTypes"].split(",")
    if is_kind and told["externalTenants"]["membershipKind"] == "all":
        return True
    return None if is_kind or groups & tenant.unread else False


def _holding(lists: Mapping[str, Any], selves: set[str]) -> set[str]:
    return {name for name, members in lists.items() if selves & set(members)}
