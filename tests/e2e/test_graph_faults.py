"""Graph fails at each call of a case in turn, in each way that it can.

Everybody runs through the whole line at once: a fault of their own on the way to `enabled`, another
on the way to `enforced`. After registering they are put back to `enabled` by an administrator, so
that both writes are ours.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import product
from typing import Final
from urllib.parse import quote

import pytest

from local.stack.stack import Options, Stack
from tests.e2e.company import QUICK, Company, Json
from tests.e2e.inbox import Inbox
from tests.e2e.side_by_side import side_by_side

_DENIED: Final = json.dumps(
    {"error": {"code": "Authorization_RequestDenied", "message": "Insufficient privileges."}}
)
FAULTS: Final[dict[str, Json]] = {
    "429": {"status": 429, "retryAfter": 1},
    "429 for long": {"status": 429, "retryAfter": 40},
    "429 without a word": {"status": 429},
    "503": {"status": 503},
    "time-out before": {"delayMs": 1600},
    "time-out after": {"delayMs": 1600, "applied": True},
    "drop before": {"drop": True},
    "drop after": {"drop": True, "applied": True},
    "no JSON": {"body": "<html>busy</html>"},
    "wrong JSON": {"body": "[1]"},
    "401": {"status": 401},
    "403": {"status": 403, "body": _DENIED},
    "404": {"status": 404},
}
ACCOUNT, STATE, WRITE, METHODS = (
    "GET /v1.0/users/{upn}$",
    "GET /beta/users/{id}/authentication/requirements$",
    "PATCH /beta/users/{id}/authentication/requirements$",
    "GET /beta/users/{id}/authentication/methods$",
)
TO_ENABLED: Final = ((ACCOUNT, 1), (STATE, 1), (WRITE, 1), (STATE, 2), (METHODS, 1))
TO_ENFORCED: Final = ((METHODS, 1), (STATE, 1), (WRITE, 1), (STATE, 2))
"""The calls of each half, in turn: which, and the how-manieth of its kind."""

LASTING: Final = ("503", "time-out before", "wrong JSON", "401", "403", "404")
"""Those that are tried as a lasting state too, on each kind of call."""

LIE: Final = "wrong JSON"
"""A write that is answered so is a success by its status: only reading back shows that it is not.
One whose answer can't be read at all was not answered by Graph, and is made again."""
DONE_ALL_THE_SAME: Final = {"time-out before", "time-out after", "drop after"}
"""A write that is answered so, however often, is done: at once, or when the delay is over."""


@dataclass
class Subject:
    """A person with the faults that they meet.

    Attributes:
        call: which call fails on the way to `enabled`, and the how-manieth.
        fault: how.
        lasting: it fails every time, and not only once.
        later: what fails on the way to `enforced`, once.
    """

    call: tuple[str, int]
    fault: str
    lasting: bool = False
    later: tuple[tuple[str, int], str] | None = None
    person: Json | None = None
    case_id: str = ""

    async def hire(self, company: Company) -> None:
        """Make the account and announce the person, the fault in place."""
        self.person = await company.employ()
        what = FAULTS[self.fault] if self.lasting else _once(self.call, self.fault)
        await company.fault(self._match(self.call[0]), **what)
        # Without a number the account is found by its name, in a request that is theirs alone.
        self.case_id = await company.announce(company.joiner(self.person, employeeId=None))

    async def register(self, company: Company) -> None:
        """Register, be put back to `enabled`, and meet the second fault."""
        await company.register(self.id)
        await company.administrator.writes(self.id, "enabled")
        if self.later is not None:
            await company.fault(self._match(self.later[0][0]), **_once(*self.later))

    @property
    def id(self) -> str:
        """The person's object id."""
        assert self.person is not None
        return str(self.person["id"])

    def _match(self, call: str) -> str:
        assert self.person is not None
        return call.format(upn=quote(self.person["userPrincipalName"], safe=""), id=self.id)


def _each(calls: tuple[tuple[str, int], ...]) -> list[tuple[tuple[str, int], str]]:
    """Each call with each fault; that a read was answered in vain, or not at all, is the same."""
    return [
        (call, fault)
        for call, fault in product(calls, FAULTS)
        if call[0] == WRITE or not FAULTS[fault].get("applied")
    ]


def _once(call: tuple[str, int], fault: str) -> Json:
    return {**FAULTS[fault], "every": call[1], "times": 1}


def reason_to_park(call: str, fault: str, *, lasting: bool = False) -> str | None:
    """Why a case is parked that meets this; None where it goes on by itself."""
    if fault == "403":
        return "permission-missing"
    if call == WRITE and fault == LIE:
        return "change-unverified"
    if not lasting or (call == WRITE and fault in DONE_ALL_THE_SAME):
        return None
    if call == ACCOUNT and fault == "404":
        return "account-not-found"
    return "attempts-used-up"


def told(case: Json) -> set[str]:
    """Every state that the tenant may be in by what the case says."""
    possible = {"disabled"}
    for step in case["steps"]:
        if step["action"] not in {"enable", "enforce"}:
            continue
        target = {"enable": "enabled", "enforce": "enforced"}[step["action"]]
        proven = step["outcome"] == "done"
        possible = {step["after"]} if proven else {step["before"], target}
    # Who is enabled moves on by registering.
    return possible | {"enforced"} if "enabled" in possible else possible


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A stack whose app looks for registrations only when the clock is moved on."""
    settings = {
        **QUICK,
        "MFA_CHECK_FIRST_SECONDS": "3600",
        "MFA_ACCOUNT_WAIT_DAYS": "0.01",
        "MFA_UNVERIFIED_MINUTES": "2",
        "MFA_ATTEMPTS": "4",
        "MFA_LEASE_SECONDS": "6",
        "GRAPH_TIMEOUT_SECONDS": "1",
    }
    with Stack(tmp_path_factory.mktemp("stack"), Options(settings=settings)) as stack:
        yield stack


@pytest.mark.slow
async def test_whatever_graph_does_the_case_ends_well_or_says_why(
    company: Company, inbox: Inbox
) -> None:
    """Each fault at each call: the case goes on or is parked with the reason, and hides nothing."""
    await company.sim("POST", "switches", {"enabledAgainStaysEnabled": True})
    subjects = [Subject(call, fault) for call, fault in _each(TO_ENABLED)]
    second = _each(TO_ENFORCED)
    assert len(second) <= len(subjects)
    for subject, later in zip(subjects, second, strict=False):
        subject.later = later
    kinds = dict.fromkeys(call for call, _ in TO_ENABLED)
    subjects += [Subject((call, 1), fault, lasting=True) for call, fault in product(kinds, LASTING)]
    async with _nothing_hidden(company, subjects):
        await _all_the_way(company, subjects)
    await inbox.until("mfa.case.completed", {subject.case_id for subject in subjects})
    inbox.assert_each_once_and_alike()


async def _all_the_way(company: Company, subjects: list[Subject]) -> None:
    """Hire everybody, have them register, and end with everybody enforced."""
    await side_by_side(*(subject.hire(company) for subject in subjects))
    await _go_on_or_are_parked(
        company,
        "waiting-registration",
        {s.case_id: reason_to_park(s.call[0], s.fault, lasting=s.lasting) for s in subjects},
    )
    assert {(await company.truth(s.id))["perUserMfaState"] for s in subjects} == {"enabled"}

    await side_by_side(*(subject.register(company) for subject in subjects))
    await company.advance(3600)
    await _go_on_or_are_parked(
        company,
        "completed",
        {s.case_id: s.later and reason_to_park(s.later[0][0], s.later[1]) for s in subjects},
    )
    assert {(await company.truth(s.id))["perUserMfaState"] for s in subjects} == {"enforced"}


async def _go_on_or_are_parked(
    company: Company, state: str, expected: dict[str, str | None]
) -> None:
    """See that the cases reach the state, or are parked as expected; replay those without faults.

    Args:
        state: where a case gets that is not parked.
        expected: the reason to be parked, by case.
    """
    cases = await company.reach(expected, state, "parked", stride=30, within=180)
    reasons = {entry["caseId"]: entry["reason"] for entry in await company.parked()}
    assert reasons == {case_id: reason for case_id, reason in expected.items() if reason}
    for case_id in reasons:
        last = cases[case_id]["steps"][-1]
        assert last["outcome"] == "parked"
        assert last["detail"]
    await company.sim("DELETE", "faults")
    await side_by_side(*map(company.replay, reasons))
    await company.reach(reasons, state)


@asynccontextmanager
async def _nothing_hidden(company: Company, subjects: list[Subject]) -> AsyncIterator[None]:
    """Compare what the cases tell with the tenant's truth, all the time."""
    over = asyncio.Event()

    async def watch() -> None:
        while not over.is_set():
            for subject in [subject for subject in subjects if subject.case_id]:
                before = told(await company.case(subject.case_id))
                state = (await company.truth(subject.id))["perUserMfaState"]
                after = told(await company.case(subject.case_id))
                assert state in before | after, subject
                await asyncio.sleep(0.1)
            await asyncio.sleep(0.1)

    watching = asyncio.create_task(watch())
    try:
        yield
    finally:
        over.set()
        await watching
