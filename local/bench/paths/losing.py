"""People who lose the device that they prove themselves with."""

from datetime import timedelta
from typing import Final

from local.bench.company import Company, Json
from local.bench.paths.path import Path, Request
from local.bench.paths.requests import (
    ACCOUNT_ROUTE,
    DELETE_APP_ROUTE,
    DELETE_PHONE_ROUTE,
    METHODS_ROUTE,
    REVOKE_ROUTE,
)
from local.bench.tickets import ticket
from shared.domain.reset.progress import LOG_TELLS

METHODS: Final = ("microsoftAuthenticator", "mobile")
"""What the lost device held."""
APART: Final = timedelta(seconds=6)
"""Two lists this far apart prove that nothing is left; so far apart no two seconds are one."""
_MEANWHILE: Final = timedelta(seconds=1)
"""The app for people is another process than the worker: it remembers nothing of what that read."""
_A_LOOK: Final = timedelta(hours=2)
_WRITE_ACCOUNT_ROUTE: Final = "PATCH /v1.0/users/{user}"
_DEFAULTS_ROUTE: Final = "GET /v1.0/policies/identitySecurityDefaultsEnforcementPolicy"
_AUDIT_ROUTE: Final = "GET /v1.0/auditLogs/directoryAudits"


def _loses(company: Company) -> Json:
    person = company.employ()
    for method in METHODS:
        company.register(person, method)
    # Graph tells since when sessions are valid by the second: in that of their hiring there is
    # nothing to revoke.
    company.skip(APART)
    case = company.file(ticket(person))
    company.tells(case, "contain")
    company.skip(APART)
    company.reaches(case, "waiting-registration")
    company.later(_MEANWHILE)
    company.ask("Helpdesk", "POST", f"cases/{case}/pass")
    company.skip(LOG_TELLS)
    company.opens(person)
    company.register(person)
    company.later(_A_LOOK)
    company.reaches(case, "completed")
    return person


CONTAINING: Final = (
    Request(ACCOUNT_ROUTE, "find the account"),
    Request(METHODS_ROUTE, "list the methods"),
    Request(DELETE_PHONE_ROUTE, "remove the phone"),
    Request(DELETE_APP_ROUTE, "remove the app"),
    Request(METHODS_ROUTE, "list the methods: none in scope is left"),
    Request(REVOKE_ROUTE, "revoke the sessions"),
    Request(ACCOUNT_ROUTE, "read back since when sessions are valid"),
)
"""From the ticket to `contained`, each after the one before it."""

LOSING: Final = (
    Path(
        name="lost device with two methods, to the end",
        walk=_loses,
        necessary=(
            *CONTAINING,
            Request(METHODS_ROUTE, "list the methods again, seconds apart"),
            Request("GET /v1.0/users/{user}/manager", "see who else is to be told"),
            Request(_DEFAULTS_ROUTE, "see whether security defaults shut app passwords"),
            Request(_AUDIT_ROUTE, "see which app passwords were made and deleted"),
            Request(
                _DEFAULTS_ROUTE, "see again what shuts them, once the audit log can be believed"
            ),
            Request(_AUDIT_ROUTE, "see them again then"),
            Request(ACCOUNT_ROUTE, "see that the account is open: the password would do"),
            Request(_WRITE_ACCOUNT_ROUTE, "block it until a pass is collected"),
            Request(ACCOUNT_ROUTE, "read the block back"),
            Request(ACCOUNT_ROUTE, "see that the person is no guest and no service"),
            Request("GET /v1.0/domains/{domain}", "see that the sign-in is not federated"),
            Request("GET /v1.0/policies/authenticationMethodsPolicy", "see what the policy allows"),
            Request(METHODS_ROUTE, "see that the person can't sign in yet"),
            Request("POST /v1.0/users/{user}/authentication/temporaryAccessPassMethods", "make it"),
            Request(ACCOUNT_ROUTE, "see that the account is blocked still"),
            Request(_AUDIT_ROUTE, "see that nobody but us has blocked it"),
            Request(_WRITE_ACCOUNT_ROUTE, "lift the block"),
            Request(ACCOUNT_ROUTE, "read that back"),
            Request(METHODS_ROUTE, "see that the person has registered"),
            Request(_AUDIT_ROUTE, "see that we have lifted nobody else's block"),
        ),
        beyond=(
            Request(ACCOUNT_ROUTE, "the guard reads the account itself, whoever else has read it"),
            Request(METHODS_ROUTE, "see what was registered before the block is lifted"),
        ),
    ),
)
