"""A Temporary Access Pass, collected by the helpdesk."""

from datetime import timedelta
from typing import Final

from local.bench.company import Company, Json
from local.bench.paths.path import Path, Request
from local.bench.paths.requests import ACCOUNT_ROUTE, ENABLING, METHODS_ROUTE

_MEANWHILE: Final = timedelta(seconds=1)
"""The app for people is another process than the worker: it remembers nothing of what that read."""


def _collects(company: Company) -> Json:
    person = company.employ()
    case = company.tell("joiner", person)
    company.reaches(case, "waiting-registration")
    company.later(_MEANWHILE)
    company.ask("Helpdesk", "POST", f"cases/{case}/pass")
    company.ask("Helpdesk", "POST", f"cases/{case}/cancel")
    return person


COLLECTING: Final = (
    Path(
        name="joiner for whom a pass is collected",
        walk=_collects,
        necessary=(
            *ENABLING,
            Request(ACCOUNT_ROUTE, "see that the account is not blocked, a guest or a service's"),
            Request("GET /v1.0/domains/{domain}", "see that the sign-in is not federated"),
            Request("GET /v1.0/policies/authenticationMethodsPolicy", "see what the policy allows"),
            Request(METHODS_ROUTE, "see that the person can't sign in yet"),
            Request("POST /v1.0/users/{user}/authentication/temporaryAccessPassMethods", "make it"),
        ),
        beyond=(
            Request(ACCOUNT_ROUTE, "the guard reads the account itself, whoever else has read it"),
        ),
    ),
)
