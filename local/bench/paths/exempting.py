"""People who are exempt for a time."""

from datetime import timedelta
from typing import Final

from local.bench.company import Company, Json
from local.bench.paths.path import Path, Request
from local.bench.paths.requests import (
    ACCOUNT_ROUTE,
    METHODS_ROUTE,
    STATE_BEFORE,
    STATE_ROUTE,
    WRITE_STATE_ROUTE,
)

_A_DAY: Final = timedelta(days=1)
"""How long before the end it is announced."""


def _is_exempt(company: Company) -> Json:
    person = company.employ()
    company.register(person)
    company.enforce(person)
    wanted = {
        "userId": person["id"],
        "reason": "Broken phone",
        "endsAt": (company.now() + 2 * _A_DAY).isoformat(),
        "acceptUnprotected": True,
    }
    case = str(company.ask("Helpdesk", "POST", "exemptions", wanted)["caseId"])
    company.reaches(case, "awaiting-approval")
    company.agree("Approver", case, "approve")
    company.reaches(case, "active")
    company.skip(_A_DAY)
    company.tells(case, "announce-end")
    company.later(_A_DAY)
    company.reaches(case, "ended")
    return person


EXEMPTING: Final = (
    Path(
        name="exemption, from the request to its own end",
        walk=_is_exempt,
        necessary=(
            Request(ACCOUNT_ROUTE, "see that the person may be exempt, before somebody is asked"),
            Request(STATE_ROUTE, "see that there is something to exempt from"),
            Request(ACCOUNT_ROUTE, "see that they still may be, once it is approved"),
            STATE_BEFORE,
            Request(WRITE_STATE_ROUTE, "write disabled"),
            Request(STATE_ROUTE, "read it back"),
            Request(ACCOUNT_ROUTE, "see at the end that the account is there and not blocked"),
            Request(STATE_ROUTE, "see that nobody has put them back"),
            Request(METHODS_ROUTE, "see whether they are registered: enforced, or only enabled"),
            Request(WRITE_STATE_ROUTE, "write enforced"),
            Request(STATE_ROUTE, "read it back"),
        ),
    ),
)
