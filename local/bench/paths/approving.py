"""Privileged people, about whom a second person is asked."""

from datetime import timedelta
from typing import Final

from local.bench.company import Company, Json
from local.bench.paths.path import Path, Request
from local.bench.paths.requests import (
    ACCOUNT_ROUTE,
    ENABLING,
    METHODS_ROUTE,
    STATE_BEFORE,
    STATE_ROUTE,
    WRITE_STATE_ROUTE,
)

_GRACE: Final = timedelta(days=14)
_REMINDED: Final = timedelta(days=1)
"""The time to register, and how long before its end a person is reminded at last."""


def _is_asked_about(company: Company) -> Json:
    person = company.employ()
    role = {"displayName": "Helpdesk Administrator", "members": [person["id"]]}
    company.sim("POST", "roles", role)
    case = company.tell("joiner", person)
    company.reaches(case, "waiting-registration")
    # After the first reminder on time no other one is waited for.
    company.skip(_GRACE - _REMINDED)
    company.tells(case, "remind")
    company.later(_REMINDED)
    company.reaches(case, "awaiting-approval")
    company.agree("Approver", case, "approve")
    company.reaches(case, "completed")
    return person


APPROVING: Final = (
    Path(
        name="overdue administrator: asked about, approved, enforced",
        walk=_is_asked_about,
        necessary=(
            *ENABLING,
            Request(METHODS_ROUTE, "look before the reminder, without which nobody is enforced"),
            Request(METHODS_ROUTE, "read the methods at the deadline: not registered"),
            Request(ACCOUNT_ROUTE, "see that the account is not blocked"),
            Request(METHODS_ROUTE, "see that nothing was registered until it was approved"),
            Request(ACCOUNT_ROUTE, "see that the account is still not blocked"),
            STATE_BEFORE,
            Request(WRITE_STATE_ROUTE, "write enforced"),
            Request(STATE_ROUTE, "read it back"),
        ),
        beyond=(Request(METHODS_ROUTE, "read the methods again once the case is overdue"),),
    ),
)
