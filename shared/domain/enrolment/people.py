"""The people on the list of an enrolment, and what was found about each."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

from shared.domain.ids import CaseId, UserId, UserPrincipalName

PART: Final = 50
"""How many people are looked at, or enrolled, at a time; so many fit into a row of the store."""
MOST_PEOPLE: Final = 10_000
"""A list or a group that is larger is more likely a mistake, such as the group of everybody."""


class Finding(StrEnum):
    """What would become of a person."""

    ENROL = "enrol"
    """A case would be opened for them."""
    ALREADY_ENFORCED = "already-enforced"
    OPEN_CASE = "open-case"
    """Another case about them is open; its kind is the reason."""
    REFUSED = "refused"
    """A guard leaves them alone; its error's code is the reason."""
    NOT_FOUND = "not-found"
    REPEATED = "repeated"
    """They stand on the list before."""
    UNKNOWN = "unknown"
    """What is true of them can't be read, so nobody touches them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What was found about a person.

    Attributes:
        finding: what would become of them.
        reason: why, as a code, where the finding alone does not say.
    """

    finding: Finding
    reason: str | None = None

    @property
    def code(self) -> str:
        """What it is counted under."""
        refused = self.finding is Finding.REFUSED and self.reason is not None
        return self.reason or "" if refused else self.finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A person on the list.

    Attributes:
        position: where on the list, from 1.
        name: the sign-in name that the list gave, until the person was looked for.
        user_id: their object id, once known.
        planned: what was found when the plan was made.
        case_id: the onboarding case that was opened for them.
        passed_over: what was found later, just before their case would have been opened.
    """

    position: int
    name: UserPrincipalName | None = None
    user_id: UserId | None = None
    planned: Verdict | None = None
    case_id: CaseId | None = None
    passed_over: Verdict | None = None

    @property
    def is_to_enrol(self) -> bool:
        """Whether they were planned to be enrolled, and nothing has come of it yet."""
        return (
            self.planned is not None
            and self.planned.finding is Finding.ENROL
            and self.case_id is None
            and self.passed_over is None
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """The whole list, counted.

    Attributes:
        findings: how many people by what was planned for them.
        digest: SHA-256 of who is planned for what.
        opened: how many cases were opened.
        passed_over: how many people were passed over in the end, by the reason.
    """

    findings: dict[str, int]
    digest: str
    opened: int
    passed_over: dict[str, int]

    @classmethod
    def of(cls, people: Iterable[Listed]) -> Self:
        """The tally of a list."""
        findings: Counter[str] = Counter()
        passed_over: Counter[str] = Counter()
        digest, opened = hashlib.sha256(), 0
        for one in people:
            code = "" if one.planned is None else one.planned.code
            findings[code] += 1
            digest.update(json.dumps([one.position, one.user_id, code]).encode())
            opened += one.case_id is not None
            if one.passed_over is not None:
                passed_over[one.passed_over.code] += 1
        return cls(
            findings=dict(sorted(findings.items())),
            digest=digest.hexdigest(),
            opened=opened,
            passed_over=dict(sorted(passed_over.items())),
        )


def in_parts(people: Sequence[Listed]) -> list[Sequence[Listed]]:
    """The list in parts."""
    return [people[start : start + PART] for start in range(0, len(people), PART)]


def without_repetitions(parts: Iterable[Sequence[Listed]]) -> list[tuple[Listed, ...]]:
    """The parts, with everybody marked who stands on the list before, by another name or the same.

    Names can't tell: a person may be named once by their object id and once by their sign-in name.
    """
    seen: set[str] = set()
    marked = []
    for part in parts:
        kept = []
        for one in part:
            key = None if one.user_id is None else one.user_id.casefold()
            again = key in seen
            kept.append(replace(one, planned=_REPEATED) if again else one)
            if key is not None:
                seen.add(key)
        marked.append(tuple(kept))
    return marked


_REPEATED: Final = Verdict(finding=Finding.REPEATED)
