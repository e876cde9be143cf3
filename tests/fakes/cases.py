"""Cases in memory, with their lists and what is due of them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from shared.application.due import publishing_due, stands_in, work_due
from shared.application.ports.cases import CaseSummary, DueCase, Page, StoredCase
from shared.domain.cases import SETTLED_RESETS, Case, CaseEvent, CaseState, Step
from shared.domain.errors.requests import InvalidRequest
from shared.domain.errors.storage import Conflict
from shared.domain.ids import CaseId, UserId
from shared.domain.people.announced import listed_as
from shared.domain.plans import CaseKind
from shared.domain.transitions import Transition
from tests.fakes.switch import Switch


@dataclass(slots=True, kw_only=True)
class _Kept:
    """A case as it is kept: what is due of it carries the moment to which it was postponed.

    `planted` is the moment from which its work is due, which may be that of an earlier save.
    """

    case: Case
    steps: tuple[Step, ...]
    events: tuple[CaseEvent, ...]
    version: int
    listed_since: datetime
    planted: datetime | None
    due: dict[datetime, datetime] = field(default_factory=dict)

    def stored(self) -> StoredCase:
        return StoredCase(
            case=self.case, steps=self.steps, events=self.events, version=str(self.version)
        )


class FakeCases(Switch):
    """The ports `Cases`, `CaseLists` and `DueCases`.

    Args:
        page: how many lines a page of a list has.
    """

    def __init__(self, *, page: int = 50) -> None:
        super().__init__()
        self._page = page
        self._kept: dict[CaseId, _Kept] = {}
        self._ever_about: defaultdict[UserId | None, set[CaseId]] = defaultdict(set)

    async def create(self, *transitions: Transition) -> StoredCase:
        """Store a new case; where it exists already, the stored one is returned untouched."""
        self.reach()
        case = transitions[-1].case
        if case.case_id not in self._kept:
            self._keep(self._written(None, *transitions))
        return self._kept[case.case_id].stored()

    async def load(self, case_id: CaseId) -> StoredCase | None:
        """The case, or None where there is no such case."""
        self.reach()
        kept = self._kept.get(case_id)
        return None if kept is None else kept.stored()

    async def save(
        self,
        stored: StoredCase,
        *transitions: Transition,
        more_to_come: bool = False,  # noqa: ARG002  (its lists are always right)
    ) -> StoredCase:
        """Store what follows on a case that was read."""
        self.reach()
        case_id = stored.case.case_id
        kept = self._kept.get(case_id)
        if kept is None or str(kept.version) != stored.version:
            raise Conflict(f"Case {case_id} changed since it was read.")
        self._keep(self._written(kept, *transitions))
        return self._kept[case_id].stored()

    async def mark_published(
        self, stored: StoredCase, events: Sequence[CaseEvent], at: datetime
    ) -> StoredCase:
        """Note when the broker took these events."""
        self.reach()
        kept = self._kept.get(stored.case.case_id)
        taken = {event.seq for event in events}
        if kept is None or not taken <= {event.seq for event in kept.events}:
            raise Conflict(f"Case {stored.case.case_id} lacks an event that was published.")
        kept.events = tuple(_taken(event, taken, at) for event in kept.events)
        if all(event.published for event in kept.events):
            kept.due = {due: until for due, until in kept.due.items() if due == kept.planted}
        return replace(stored, events=tuple(_taken(event, taken, at) for event in stored.events))

    async def of_user(self, user: UserId, token: str | None) -> Page:
        """The cases of a person."""
        return self._list(lambda case: case.about == user, token, self._ever_about[user])

    async def beside_reset(self, user: UserId, most: int) -> tuple[CaseSummary, ...]:
        """Up to `most` cases of a person that a reset has to know of, the newest first."""
        self.reach()

        def matters(case: Case) -> bool:
            settled = case.kind is CaseKind.RESET and case.state in SETTLED_RESETS
            return case.about == user and not settled

        return tuple(
            _line(kept) for _, kept in self._sorted(matters, self._ever_about[user])[:most]
        )

    async def resets_of(self, user: UserId, state: CaseState, most: int) -> tuple[CaseSummary, ...]:
        """Up to `most` resets of a person that are in a state, the newest first."""
        self.reach()

        def wanted(case: Case) -> bool:
            return case.about == user and case.kind is CaseKind.RESET and case.state is state

        return tuple(_line(kept) for _, kept in self._sorted(wanted, self._ever_about[user])[:most])

    async def told_as(self, told: str, token: str | None) -> Page:
        """The cases about whom HR calls so."""
        return self._list(lambda case: told in listed_as(case), token)

    async def in_states(self, states: frozenset[CaseState], token: str | None) -> Page:
        """The cases in any of these states."""
        return self._list(lambda case: case.state in states, token)

    async def overdue(self, now: datetime, most: int) -> tuple[DueCase, ...]:
        """Up to `most` cases that were due before `now`, the oldest first."""
        self.reach()
        found: dict[CaseId, DueCase] = {}
        for moment, case_id, until in sorted(
            (moment, case_id, until)
            for case_id, kept in self._kept.items()
            for moment, until in kept.due.items()
        ):
            if moment < now and until < now:
                row = (case_id, moment.isoformat())
                found.setdefault(case_id, DueCase(case_id=case_id, due_at=moment, row=row))
        return tuple(found.values())[:most]

    async def postpone(self, due: DueCase, until: datetime) -> None:
        """Look at this one again later."""
        self.reach()
        kept = self._kept.get(due.case_id)
        if kept is not None and due.due_at in kept.due:
            kept.due[due.due_at] = until

    async def forget(self, due: DueCase) -> None:  # noqa: ARG002  (there is nothing to forget)
        """Drop a row that no case stands behind any more.

        In memory a case is written together with what is due of it, so there never is one.
        """
        self.reach()

    def _keep(self, kept: _Kept) -> None:
        self._kept[kept.case.case_id] = kept
        self._ever_about[kept.case.about].add(kept.case.case_id)

    def _written(self, before: _Kept | None, *transitions: Transition) -> _Kept:
        case = transitions[-1].case
        steps = () if before is None else before.steps
        events = () if before is None else before.events
        steps = (*steps, *(one.step for one in transitions if one.step is not None))
        events = (*events, *(one.event for one in transitions if one.event is not None))
        now = case.updated_at
        stays = before is not None and (
            CaseSummary.of(before.case, now) == CaseSummary.of(case, now)
        )
        work, due = work_due(case), {}
        if before and before.planted and stays and stands_in(before.planted, case):
            work = before.planted
            due[work] = before.due[work]
        elif work is not None:
            due[work] = work
        if not all(event.published for event in events):
            publishing = publishing_due(case)
            if work is None or publishing < work:
                due[publishing] = publishing
        return _Kept(
            case=case,
            steps=steps,
            events=events,
            version=1 if before is None else before.version + 1,
            listed_since=before.listed_since if before and stays else case.updated_at,
            planted=work,
            due=due,
        )

    def _list(
        self,
        wanted: Callable[[Case], bool],
        token: str | None,
        among: Iterable[CaseId] | None = None,
    ) -> Page:
        self.reach()
        lines = self._sorted(wanted, among)
        start = 0
        if token is not None:
            after = _parsed(token)
            start = sum(1 for key, _ in lines if key <= after)
        shown = lines[start : start + self._page]
        more = len(lines) > start + self._page
        return Page(
            cases=tuple(_line(kept) for _, kept in shown),
            next_token=f"{shown[-1][0][0]}_{shown[-1][0][1]}" if more else None,
        )

    def _sorted(
        self, wanted: Callable[[Case], bool], among: Iterable[CaseId] | None = None
    ) -> list[tuple[tuple[int, str], _Kept]]:
        some = map(self._kept.__getitem__, self._kept if among is None else among)
        return sorted(
            ((_key(kept), kept) for kept in some if wanted(kept.case)),
            key=lambda line: line[0],
        )


def _line(kept: _Kept) -> CaseSummary:
    return CaseSummary.of(kept.case, kept.listed_since)


def _taken(event: CaseEvent, seqs: set[int], at: datetime) -> CaseEvent:
    return replace(event, published_at=at) if event.seq in seqs else event


def _key(kept: _Kept) -> tuple[int, str]:
    epoch = datetime(1970, 1, 1, tzinfo=UTC)
    return (-((kept.listed_since - epoch) // timedelta(microseconds=1)), kept.case.case_id)


def _parsed(token: str) -> tuple[int, str]:
    number, separator, case_id = token.partition("_")
    if not (separator and number.removeprefix("-").isdecimal() and case_id.isascii()):
        raise InvalidRequest("The token is not one that a page of this list ended with.")
    return (int(number), case_id)
