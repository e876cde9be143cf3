"""Policies and people, for tests of what policies prove."""

from typing import Any

from shared.domain.conditional_access import Grant, SignInPolicy
from shared.domain.ids import UserId
from shared.domain.policy_reach import Belonging

KIM = UserId("a0000000-0000-4000-8000-000000000001")
STAFF, OUTSIDE = "g-staff", "g-outside"
ROLE = "role-1"
PERSON = Belonging(user_id=KIM, groups={STAFF: True, OUTSIDE: False}, roles=frozenset())
OLD = ["exchangeActiveSync", "other"]
ALL_APPLICATIONS = {"includeApplications": ["All"]}
BLOCK = Grant(controls=frozenset({"block"}))


def a_policy(
    users: dict[str, Any] | None = None, *, grant: Grant | None = BLOCK, **conditions: object
) -> SignInPolicy:
    """A policy that blocks old clients of everybody everywhere, but for what is said here."""
    said = {
        "clientAppTypes": OLD,
        "applications": ALL_APPLICATIONS,
        "users": {"includeUsers": ["All"]} if users is None else users,
        **conditions,
    }
    return SignInPolicy(conditions=said, grant=grant)
