"""The ports to what we remember about cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Self

from shared.domain.cases import (
    Case,
    CaseEvent,
    CaseState,
    Step,
)
from shared.domain.ids import CaseId, UserId
from shared.domain.plans import CaseKind
from shared.domain.reset.joining import Untouched, untouched
from shared.domain.transitions import Transition


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """The first record of a request: whoever inserted it decided the case id.

    Attributes:
        case_id: the case of this request.
        content_hash: SHA-256 of the request's meaning, to tell a repetition from a contradiction.
        fresh: True where this very call made the claim.
    """

    case_id: CaseId
    content_hash: str
    fresh: bool


class Claims(Protocol):
    """One case per business key."""

    async def claim(self, key: str, content_hash: str, *, case_id: CaseId | None = None) -> Claim:
        """Claim `key`, or learn who did.

        Args:
            key: the business key; only its hash is stored.
            content_hash: SHA-256 of the request's meaning, in hexadecimal.
            case_id: the case that a fresh claim is for; a new one where nobody names one.
        """
        ...

    async def find(self, key: str) -> Claim | None:
        """Who has claimed `key`; None where nobody has."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredCase:
    """A case as it was read.

    Attributes:
        case: the case.
        steps: its audit entries, in order.
        events: its outgoing events, in order.
        version: what the next save must find unchanged.
    """

    case: Case
    steps: tuple[Step, ...]
    events: tuple[CaseEvent, ...]
    version: str


class Cases(Protocol):
    """Cases with their audit entries and outgoing events.

    Each `create` and `save` also keeps the due row (written before the case, so that recovery
    finds every open case) and the lists by state and by person. A case is due 45 seconds after the
    moment it waits for, else 30 to 60 seconds after its last change, and in any case no later than
    60 seconds after its last change while an event of it is unpublished.
    """

    async def create(self, *transitions: Transition) -> StoredCase:
        """Store a new case; where it exists already, the stored one is returned untouched."""
        ...

    async def load(self, case_id: CaseId) -> StoredCase | None:
        """The case, or None where there is no such case."""
        ...

    async def save(
        self, stored: StoredCase, *transitions: Transition, more_to_come: bool = False
    ) -> StoredCase:
        """Store what follows on a case that was read, step by step, in one transaction.

        Args:
            stored: the case as it was read or saved before.
            transitions: what follows on it.
            more_to_come: whether it is about to be saved again: until then the lists may also show
                it as it was. Should that never happen, recovery puts them right.

        Raises:
            Conflict: the case changed since it was read.
        """
        ...

    async def mark_published(
        self, stored: StoredCase, events: Sequence[CaseEvent], at: datetime
    ) -> StoredCase:
        """Note when the broker took these events; an ended case is then no longer due."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseSummary:
    """A line of a list of cases.

    Attributes:
        case_id: the case.
        kind: what it is about.
        user_id: the person, by what a ticket says until they are found; None while nobody knows.
        state: its state when the line was written; the case itself has the last word.
        deadline: until when the person must have registered, as far as that is set.
        created_at: when it was accepted.
        updated_at: when it came to what the line says.
        untouched: of a reset that has done nothing yet, what it asks for; so that of many only
            those are read that count. None says nothing: the case has to be read.
    """

    case_id: CaseId
    kind: CaseKind
    user_id: UserId | None
    state: CaseState
    deadline: datetime | None
    created_at: datetime
    updated_at: datetime
    untouched: Untouched | None = None

    @classmethod
    def of(cls, case: Case, updated_at: datetime) -> Self:
        """The line of a case."""
        return cls(
            case_id=case.case_id,
            kind=case.kind,
            user_id=case.about,
            state=case.state,
            deadline=case.deadline,
            created_at=case.accepted_at,
            updated_at=updated_at,
            untouched=untouched(case),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Part of a list, newest first.

    Attributes:
        cases: the lines.
        next_token: how to ask for more; None where this was all.
    """

    cases: tuple[CaseSummary, ...]
    next_token: str | None


class CaseLists(Protocol):
    """Lists of cases, without scans."""

    async def of_user(self, user: UserId, token: str | None) -> Page:
        """The cases of a person."""
        ...

    async def beside_reset(self, user: UserId, most: int) -> tuple[CaseSummary, ...]:
        """Up to `most` cases of a person that a reset has to know of, the newest first.

        Settled resets are left out.
        """
        ...

    async def resets_of(self, user: UserId, state: CaseState, most: int) -> tuple[CaseSummary, ...]:
        """Up to `most` resets of a person that are in a state, the newest first."""
        ...

    async def told_as(self, told: str, token: str | None) -> Page:
        """The cases about whom HR calls so, as `listed_as` says of each."""
        ...

    async def in_states(self, states: frozenset[CaseState], token: str | None) -> Page:
        """The cases in any of these states."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class DueCase:
    """A case that should have moved by now.

    Attributes:
        case_id: the case.
        due_at: since when.
        row: where the adapter keeps it.
    """

    case_id: CaseId
    due_at: datetime
    row: tuple[str, str]


class DueCases(Protocol):
    """What recovery works through."""

    async def overdue(self, now: datetime, most: int) -> tuple[DueCase, ...]:
        """Up to `most` cases that were due before `now`, the oldest first."""
        ...

    async def postpone(self, due: DueCase, until: datetime) -> None:
        """Look at this one again later."""
        ...

    async def forget(self, due: DueCase) -> None:
        """Drop a row that no case counts on any more; one that is counted on stays."""
        ...
