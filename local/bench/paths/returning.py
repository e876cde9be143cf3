"""People who come back, and whose methods from before are to go."""

from datetime import timedelta
from typing import Final

from local.bench.company import Company, Json
from local.bench.paths.path import Path, Request
from local.bench.paths.requests import (
    ACCOUNT_ROUTE,
    DELETE_APP_ROUTE,
    DELETE_PHONE_ROUTE,
    ENABLE,
    ENABLED,
    ENFORCING,
    FIND,
    METHODS_ROUTE,
    STATE_BEFORE,
    UNREGISTERED,
)

_APART: Final = timedelta(seconds=6)
"""Two lists this far apart prove that nothing is left."""
_A_LOOK: Final = timedelta(hours=2)


def _comes_back(company: Company) -> Json:
    person = company.employ()
    for method in ("microsoftAuthenticator", "mobile"):
        company.register(person, method)
    case = company.tell("rehire", person)
    company.reaches(case, "awaiting-approval")
    company.agree("Approver", case, "approve")
    company.tells(case, "remove-methods")
    company.skip(_APART)
    company.reaches(case, "waiting-registration")
    company.register(person)
    company.later(_A_LOOK)
    company.reaches(case, "completed")
    return person


RETURNING: Final = (
    Path(
        name="rehire whose two methods from before are removed",
        walk=_comes_back,
        settings={"MFA_FORMER_METHODS": "remove"},
        necessary=(
            FIND,
            Request(METHODS_ROUTE, "list the methods from before, which somebody is asked about"),
            Request(ACCOUNT_ROUTE, "see that the account is not blocked, once it is approved"),
            Request(METHODS_ROUTE, "list them again before any is removed"),
            Request(DELETE_PHONE_ROUTE, "remove the phone"),
            Request(DELETE_APP_ROUTE, "remove the app"),
            Request(METHODS_ROUTE, "list the methods: none is left"),
            Request(METHODS_ROUTE, "list them again, seconds apart"),
            STATE_BEFORE,
            ENABLE,
            ENABLED,
            UNREGISTERED,
            *ENFORCING,
        ),
        beyond=(
            Request(METHODS_ROUTE, "list them also before the case goes to the app that removes"),
            Request(ACCOUNT_ROUTE, "the account once more when the case is back from that app"),
        ),
    ),
)
