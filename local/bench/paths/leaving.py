"""People who leave."""

from datetime import timedelta
from typing import Final

from local.bench.company import Company, Json
from local.bench.paths.path import Path, Request
from local.bench.paths.requests import (
    ACCOUNT_ROUTE,
    DELETE_APP_ROUTE,
    DELETE_PHONE_ROUTE,
    FIND,
    METHODS_ROUTE,
    REPORTS_ROUTE,
    REVOKE_ROUTE,
)

_APART: Final = timedelta(seconds=6)
"""Two lists this far apart prove that nothing is left; so far apart no two seconds are one."""


def _leaves(company: Company) -> Json:
    person = company.employ()
    for method in ("microsoftAuthenticator", "mobile"):
        company.register(person, method)
    # Graph tells since when sessions are valid by the second: in that of their hiring there is
    # nothing to revoke.
    company.skip(_APART)
    case = company.tell("leaver", person, effectiveAt=company.now().isoformat())
    company.reaches(case, "waiting-disabled")
    company.correct(person, accountEnabled=False)
    company.later(timedelta(days=1, hours=1))
    company.tells(case, "remove-methods")
    company.skip(_APART)
    company.reaches(case, "completed")
    return person


LEAVING: Final = (
    Path(
        name="leaver with two methods: sessions at once, methods a day later",
        walk=_leaves,
        necessary=(
            FIND,
            Request(REPORTS_ROUTE, "see that nobody reports to the person"),
            Request(REVOKE_ROUTE, "revoke the sessions"),
            Request(ACCOUNT_ROUTE, "read back since when sessions are valid"),
            Request(ACCOUNT_ROUTE, "see that the account is disabled, a day later"),
            Request(METHODS_ROUTE, "list the methods"),
            Request(DELETE_PHONE_ROUTE, "remove the phone"),
            Request(DELETE_APP_ROUTE, "remove the app"),
            Request(METHODS_ROUTE, "list the methods: none is left"),
            Request(METHODS_ROUTE, "list them again, seconds apart"),
        ),
        beyond=(
            Request(ACCOUNT_ROUTE, "see that the account is disabled still at the second list"),
        ),
    ),
)
