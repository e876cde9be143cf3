"""What is true at the end of a month, held against what was foretold."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from http import HTTPStatus

from tests.campaigns.model import Life
from tests.campaigns.playing import Record
from tests.campaigns.script import Account, Month
from tests.e2e.company import Json

PASSWORD = "#microsoft.graph.passwordAuthenticationMethod"
SESSIONS = "signInSessionsValidFromDateTime"


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """All that is known at the end.

    Attributes:
        truths: what is true of everybody in the tenant, by object id.
        cases: every case that HR was told of, by id.
        parked: the ids of the cases that wait for a human.
        requests: the app's own requests to Graph, by the tenant's log.
        audit: what the app did, by the tenant's audit log.
    """

    month: Month
    foretold: Mapping[str, Life]
    record: Record
    truths: Mapping[str, Json]
    cases: Mapping[str, Json]
    parked: list[str]
    requests: list[Json]
    audit: list[Json]

    def differences(self) -> list[str]:
        """Everything that is not as it should be, one line each."""
        found = [
            f"{life.person.key} ({life.person.story}): {what}"
            for life in self.foretold.values()
            for what in (*self._of_truth(life), *self._of_cases(life), *self._of_writes(life))
        ]
        disabled = [one for one in self.audit if one["detail"].get("state") == "disabled"]
        parked = {case_id for case_id, case in self.cases.items() if case["state"] == "parked"}
        return [
            *found,
            *(f"MFA was disabled: {one}" for one in disabled),
            *_unlike("cases for a human", sorted(self.parked), sorted(parked)),
        ]

    def _of_truth(self, life: Life) -> Iterator[str]:
        key = life.person.key
        truth = self.truths.get(self.record.users.get(key, ""))
        if truth is None:
            if life.account not in {Account.NONE, Account.GONE}:
                yield "the account is not there"
            return
        before = self.record.before[key]
        if not self.month.about(key):
            yield from _unlike("the account", truth, before)
            return
        kept = sum(method["@odata.type"] != PASSWORD for method in truth["methods"])
        yield from _unlike("per-user MFA", truth["perUserMfaState"], life.mfa)
        yield from _unlike("number of methods", kept, life.methods)
        if truth[SESSIONS] == before[SESSIONS]:
            yield from _unlike("days of revoking", [], life.revoked)
        else:
            revoked = self.month.calendar.day_of(datetime.fromisoformat(truth[SESSIONS]))
            yield from _unlike("last day of revoking", [revoked], life.revoked[-1:])

    def _of_cases(self, life: Life) -> Iterator[str]:
        key = life.person.key
        cases = [self.cases[case_id] for case_id in self.record.cases.get(key, [])]
        ends = sorted((case["kind"], case["state"]) for case in cases)
        yield from _unlike("answers to HR", self.record.answers.get(key, []), life.answers)
        yield from _unlike("cases", ends, life.cases())

    def _of_writes(self, life: Life) -> Iterator[str]:
        """What was taken from a person may only be what had to be, on the day foretold."""
        taken = self._taken.get(self.record.users.get(life.person.key, ""), {})
        removed, revoked = taken.get("a method", set()), taken.get("the sessions", set())
        yield from _unlike("days on which methods went", sorted(removed), life.removed)
        yield from _unlike("days of revoking", sorted(revoked), life.revoked)
        others = set(taken) - {"a method", "the sessions"}
        yield from _unlike("other writes that take something", sorted(others), [])

    @cached_property
    def _taken(self) -> Mapping[str, Mapping[str, set[int]]]:
        """What the app took from whom, on which days."""
        found: dict[str, dict[str, set[int]]] = {}
        for entry in self.requests:
            if entry["method"] == "GET" or entry["status"] >= HTTPStatus.BAD_REQUEST:
                continue
            _, _, _, user, *rest = entry["path"].split("/")
            match entry["method"], rest:
                case "PATCH", ["authentication", "requirements"]:
                    continue
                case "DELETE", ["authentication", "qrCodePinMethod"] | ["authentication", _, _]:
                    what = "a method"
                case "POST", ["revokeSignInSessions"]:
                    what = "the sessions"
                case _:
                    what = f"{entry['method']} {entry['route']}"
            day = self.month.calendar.day_of(datetime.fromisoformat(entry["at"]))
            found.setdefault(user, {}).setdefault(what, set()).add(day)
        return found


def _unlike(what: str, found: object, foretold: object) -> Iterator[str]:
    if found != foretold:
        yield f"{what}: {found}, should be {foretold}"
