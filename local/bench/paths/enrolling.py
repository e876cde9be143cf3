"""People who work here already and are enrolled."""

from datetime import timedelta
from typing import Final

from local.bench.company import Company, Json
from local.bench.paths.path import Path, Request
from local.bench.paths.requests import (
    ACCOUNT_ROUTE,
    ENABLE,
    ENABLED,
    ENFORCING,
    STATE_BEFORE,
    STATE_ROUTE,
    UNREGISTERED,
)

_A_LOOK: Final = timedelta(hours=2)


def _is_enrolled(company: Company) -> Json:
    person = company.employ()
    asked = company.ask("Admin", "POST", "enrolments", {"users": [person["id"]]})
    enrolment = str(asked["caseId"])
    company.reaches(enrolment, "awaiting-confirmation")
    company.agree("Admin", enrolment, "confirm")
    company.reaches(enrolment, "completed")
    (listed,) = company.ask("Admin", "GET", f"enrolments/{enrolment}/people")["value"]
    case = listed["caseId"]
    company.reaches(case, "waiting-registration")
    company.register(person)
    company.later(_A_LOOK)
    company.reaches(case, "completed")
    return person


ENROLLING: Final = (
    Path(
        name="enrolled: planned, confirmed, enabled, registered",
        walk=_is_enrolled,
        necessary=(
            Request(ACCOUNT_ROUTE, "see for the plan who may be enrolled"),
            Request(STATE_ROUTE, "see for the plan who is enforced already"),
            Request(ACCOUNT_ROUTE, "see that they still may be, once it is confirmed"),
            STATE_BEFORE,
            ENABLE,
            ENABLED,
            UNREGISTERED,
            *ENFORCING,
        ),
        beyond=(
            Request(ACCOUNT_ROUTE, "see who is passed over before they get a case of their own"),
            Request(STATE_ROUTE, "see the same of who was enforced meanwhile"),
        ),
    ),
)
