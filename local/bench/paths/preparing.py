"""Joiners who are prepared, and joiners of groups that a Conditional Access policy targets."""

from datetime import timedelta
from typing import Final

from local.bench.company import Company, Json
from local.bench.paths.path import Path, Request
from local.bench.paths.requests import (
    ACCOUNT_ROUTE,
    ENABLED,
    FIND,
    JOIN_ROUTE,
    MEMBERSHIP_ROUTE,
    METHODS_ROUTE,
    REGISTERED,
    STATE_BEFORE,
    UNREGISTERED,
    WRITE_STATE_ROUTE,
)

SSPR: Final = "c0000000-0000-4000-8000-000000000001"
REGISTRATION: Final = "c0000000-0000-4000-8000-000000000002"
ENFORCEMENT: Final = "c0000000-0000-4000-8000-000000000003"
_CONTACT: Final = {"email": "kim.private@example.org", "mobile": "+12065550142"}


def _is_prepared(company: Company) -> Json:
    for group in (SSPR, ENFORCEMENT):
        company.sim("POST", "groups", {"displayName": group, "id": group})
    person = company.employ()
    company.reaches(company.tell("joiner", person, contact=_CONTACT), "completed")
    return person


def _joins_groups(company: Company) -> Json:
    for group in (REGISTRATION, ENFORCEMENT):
        company.sim("POST", "groups", {"displayName": group, "id": group})
    person = company.employ()
    case = company.tell("joiner", person)
    company.reaches(case, "waiting-registration")
    company.register(person)
    company.later(timedelta(hours=2))
    company.reaches(case, "completed")
    return person


PREPARING: Final = (
    Path(
        name="joiner with e-mail, phone and two groups prepared",
        walk=_is_prepared,
        settings={"MFA_SSPR_GROUP_ID": SSPR, "MFA_ENFORCEMENT_GROUP_ID": ENFORCEMENT},
        necessary=(
            FIND,
            Request(METHODS_ROUTE, "see that there is no method yet"),
            Request(ACCOUNT_ROUTE, "see that nobody has signed in: only by object id"),
            Request("POST /v1.0/users/{user}/authentication/emailMethods", "register the e-mail"),
            Request("POST /v1.0/users/{user}/authentication/phoneMethods", "register the phone"),
            Request(METHODS_ROUTE, "read both back: registered"),
            Request(MEMBERSHIP_ROUTE, "read the memberships before"),
            Request(JOIN_ROUTE, "join the group for password reset"),
            Request(JOIN_ROUTE, "join the enforcement group"),
            Request(MEMBERSHIP_ROUTE, "read both back"),
            STATE_BEFORE,
            Request(WRITE_STATE_ROUTE, "write enabled, which the tenant makes enforced"),
            ENABLED,
        ),
        beyond=(
            Request(METHODS_ROUTE, "read the e-mail back before the phone is written"),
            Request(MEMBERSHIP_ROUTE, "read the first group back before the second is joined"),
        ),
    ),
    Path(
        name="joiner under the group strategy",
        walk=_joins_groups,
        settings={
            "MFA_STRATEGY": "group",
            "MFA_REGISTRATION_GROUP_ID": REGISTRATION,
            "MFA_ENFORCEMENT_GROUP_ID": ENFORCEMENT,
        },
        necessary=(
            FIND,
            Request(MEMBERSHIP_ROUTE, "read the memberships before"),
            Request(JOIN_ROUTE, "join the registration group"),
            Request(MEMBERSHIP_ROUTE, "read it back"),
            UNREGISTERED,
            REGISTERED,
            Request(MEMBERSHIP_ROUTE, "read the memberships before"),
            Request(ACCOUNT_ROUTE, "the guard, which may rely on nothing older than a minute"),
            Request(JOIN_ROUTE, "join the enforcement group"),
            Request(MEMBERSHIP_ROUTE, "read it back"),
        ),
    ),
)
