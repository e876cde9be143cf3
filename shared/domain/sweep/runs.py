"""A run of the sweep: how far it is, and what it found."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from itertools import pairwise
from typing import Final, NewType

from shared.domain.alive import LedgerTime
from shared.domain.ids import CaseId, GroupId, UserId
from shared.domain.sweep.reconciliation import Reconciliation
from shared.domain.sweep.rows import Link
from shared.domain.sweep.totals import Totals

RunId = NewType("RunId", str)
"""The moment it was asked for, and random digits: `20261122T020000Z-4f9c01de`."""

_RUN_ID: Final = re.compile(r"[0-9]{8}T[0-9]{6}Z-[0-9a-f]{8}", re.ASCII)

_MOMENT: Final = len("20261122T020000Z")


def is_run_id(text: str) -> bool:
    """Whether a run can have this id."""
    return _RUN_ID.fullmatch(text) is not None


def asked_at(run_id: RunId) -> datetime | None:
    """When a run was asked for, to the second; None where its id tells no moment."""
    try:
        return datetime.strptime(run_id[:_MOMENT], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None


class RunState(StrEnum):
    """How a run is, or ended."""

    RUNNING = "running"
    COMPLETED = "completed"
    PARTIAL = "partial"
    """Something could not be read; what depends on it is unknown."""
    FAILED = "failed"
    """It was given up; the next run begins anew."""


COMPARABLE: Final = frozenset({RunState.COMPLETED, RunState.PARTIAL})
"""Runs that have judged everybody, so that the next one can be compared with them."""


class Stage(StrEnum):
    """What is done next."""

    PLAN = "plan"
    COLLECT = "collect"
    EVALUATE = "evaluate"
    FINISH = "finish"
    TELL = "tell"
    """It has ended, and not everybody has been told."""
    NOTHING = "nothing"


_NEXT: Final = dict(pairwise(Stage))
"""The stage after each."""


class Stream(StrEnum):
    """What is read page by page."""

    PEOPLE = "people"
    REGISTRATIONS = "registrations"
    MEMBERS = "members"


@dataclass(frozen=True, slots=True)
class Failure:
    """Why something was given up.

    Attributes:
        code: of the error; a rule may go by it.
        detail: what happened.
    """

    code: str
    detail: str

    def __str__(self) -> str:
        """As people read it."""
        return f"{self.code}: {self.detail}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cursor:
    """How far a stream was read.

    Attributes:
        page: the address of the next page; None for the first.
        done: whether there is none.
        failed: why the rest will not be read; None while it may be.
        pages: how many were read.
        rows: how many rows these had.
    """

    page: str | None = None
    done: bool = False
    failed: Failure | None = None
    pages: int = 0
    rows: int = 0


@dataclass(frozen=True, slots=True)
class GroupToRead:
    """People to read who are bound to a group."""

    group_id: GroupId
    link: Link


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that could not be read.

    Attributes:
        what: what it was.
        reason: why.
    """

    what: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Remediation:
    """Whom a run had taken up again.

    Attributes:
        case_id: the enrolment that it asked for.
        people: how many people it names.
        left: how many are left for the next run.
        allowed: how many need nobody's word.
        last: the last of them; the next run begins behind them.
    """

    case_id: CaseId
    people: int
    left: int
    allowed: int
    last: UserId | None = None

    @property
    def needs_approval(self) -> bool:
        """Whether somebody has to agree."""
        return self.people > self.allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """A run.

    Attributes:
        run_id: which.
        state: how it is.
        stage: what is done next.
        started_at: when it began.
        updated_at: when it last came further.
        by: who asked for it: `timer`, or a person's object id.
        finished_at: when it ended.
        slices: into how many parts the tenant is cut; 0 before that is known.
        people: how many people there are, roughly.
        previous: the run to which it is compared.
        ask_after: the last one whom a run before has asked to have taken up; None where none has.
        reading: what counts of what was read of the tenant; empty before that.
        cursors: how far each stream was read.
        ledger: of what time it has read the ledger of app passwords.
        groups: which groups are still to be read, the current one first.
        chunks: the staged chunks that count; others were left by a worker that died.
        cleared: whether all that was staged is dropped, which is done some time after its end.
        unread: groups of which nobody can tell who is bound to them.
        problems: what could not be read.
        totals: what it found, once it has ended.
        remediation: whom it had taken up again; None where there was nobody.
        reconciliation: what came of comparing Entra's audit log with our records; None before that.
    """

    run_id: RunId
    state: RunState
    stage: Stage
    started_at: datetime
    updated_at: datetime
    by: str
    finished_at: datetime | None = None
    slices: int = 0
    people: int = 0
    previous: RunId | None = None
    ask_after: UserId | None = None
    reading: str = ""
    cursors: Mapping[Stream, Cursor] = field(default_factory=dict, hash=False)
    ledger: LedgerTime = LedgerTime()  # noqa: RUF009  (it is frozen)
    groups: tuple[GroupToRead, ...] = ()
    chunks: tuple[str, ...] = ()
    cleared: bool = False
    unread: tuple[GroupToRead, ...] = ()
    problems: tuple[Problem, ...] = ()
    totals: Totals | None = field(default=None, hash=False)
    remediation: Remediation | None = None
    reconciliation: Reconciliation | None = None

    @property
    def is_read(self) -> bool:
        """Whether everything was read that can be."""
        return bool(self.cursors) and all(cursor.done for cursor in self.cursors.values())

    def moved_on(self, at: datetime) -> "Run":
        """The run with this stage behind it."""
        return replace(self, stage=_NEXT[self.stage], updated_at=at)

    def ended(self, state: RunState, at: datetime) -> "Run":
        """The run after its end, of which nobody has been told yet."""
        return replace(self, state=state, stage=Stage.TELL, finished_at=at, updated_at=at)

    def is_as_far_as(self, other: "Run") -> bool:
        """Whether one has come no further than the other, whatever was noted of when."""
        return replace(self, updated_at=other.updated_at) == other
