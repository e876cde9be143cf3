"""People who join: in time, late, again, and too late."""

from datetime import timedelta
from typing import Final
from uuid import uuid4

from local.bench.company import Company, Json
from local.bench.paths.path import Path, Request
from local.bench.paths.requests import (
    ACCOUNT_ROUTE,
    ENABLED,
    ENABLING,
    ENFORCING,
    FIND,
    METHODS_ROUTE,
    SEARCH_ROUTE,
    STATE_BEFORE,
    STATE_ROUTE,
    WRITE_STATE_ROUTE,
)

_A_LOOK: Final = timedelta(hours=2)
"""Longer than the first pause between two looks."""
_GRACE: Final = timedelta(days=14)
_REMINDED: Final = (timedelta(days=7), timedelta(days=3), timedelta(days=1))
"""The time to register, and how long before its end a person is reminded."""


def _registers(company: Company) -> Json:
    person = company.employ()
    case = company.tell("joiner", person)
    company.reaches(case, "waiting-registration")
    company.register(person)
    company.later(_A_LOOK)
    company.reaches(case, "completed")
    return person


def _is_late(company: Company) -> Json:
    name = f"late{uuid4().hex[:12]}"
    expected = {"userPrincipalName": f"{name}@contoso.example", "employeeId": name}
    case = company.tell("joiner", expected)
    company.reaches(case, "waiting-account")
    person = company.employ(**expected)
    company.later(_A_LOOK)
    company.reaches(case, "waiting-registration")
    company.register(person)
    company.later(_A_LOOK)
    company.reaches(case, "completed")
    return person


def _returns(company: Company) -> Json:
    person = company.employ()
    company.register(person)
    company.reaches(company.tell("rehire", person), "completed")
    return person


def _never_registers(company: Company) -> Json:
    person = company.employ()
    case = company.tell("joiner", person)
    company.reaches(case, "waiting-registration")
    left = _GRACE
    for number, before in enumerate(_REMINDED, start=1):
        company.skip(left - before)
        company.tells(case, "remind", number)
        left = before
    company.later(left)
    company.reaches(case, "completed")
    return person


JOINING: Final = (
    Path(
        name="joiner who registers between two looks",
        walk=_registers,
        necessary=(*ENABLING, *ENFORCING),
    ),
    Path(
        name="joiner whose account is late by one look",
        walk=_is_late,
        necessary=(
            Request(SEARCH_ROUTE, "find nobody by the employee id"),
            Request(ACCOUNT_ROUTE, "find nobody by the sign-in name"),
            *ENABLING,
            *ENFORCING,
        ),
    ),
    Path(
        name="rehire who has registered before",
        walk=_returns,
        necessary=(
            FIND,
            Request(METHODS_ROUTE, "list the methods from before: registered"),
            STATE_BEFORE,
            Request(WRITE_STATE_ROUTE, "write enabled, which the tenant makes enforced"),
            ENABLED,
        ),
    ),
    Path(
        name="joiner enforced when the deadline passes",
        walk=_never_registers,
        necessary=(
            *ENABLING,
            *(
                Request(METHODS_ROUTE, f"look before the reminder {before.days} days ahead")
                for before in _REMINDED
            ),
            Request(METHODS_ROUTE, "read the methods at the deadline: not registered"),
            Request(ACCOUNT_ROUTE, "see that the account is not blocked"),
            Request(STATE_ROUTE, "read the state before"),
            Request(WRITE_STATE_ROUTE, "write enforced"),
            Request(STATE_ROUTE, "read it back"),
        ),
        beyond=(Request(METHODS_ROUTE, "read the methods again once the case is overdue"),),
    ),
)
