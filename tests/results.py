"""People, runs and reports of the sweep, as tests need them."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

from shared.application.ports.runs import Runs, Snapshots
from shared.domain.alive import Alive, LedgerTime
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.conditional_access.assignments import Belonging
from shared.domain.ids import UserId
from shared.domain.ledger import Span
from shared.domain.posture.judging import Door
from shared.domain.posture.means import Means
from shared.domain.posture.person import Person
from shared.domain.posture.reasons import Reason, ReasonCode, Verdict
from shared.domain.posture.registration import Registration
from shared.domain.sweep.lines import Cause, Change, Line
from shared.domain.sweep.report import Earlier, Report
from shared.domain.sweep.runs import Problem, Run, RunId, RunState, Stage
from shared.domain.sweep.slices import Slice
from shared.domain.sweep.totals import Totals, totals_of

BEGAN = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
RUN_ID = RunId("20261122T020000Z-4f9c01de")
WHY = {
    Verdict.PROTECTED: Reason(ReasonCode.CONDITIONAL_ACCESS, "'MFA for all'"),
    Verdict.WEAK: Reason(ReasonCode.TELEPHONY_ONLY),
    Verdict.EXEMPT: Reason(ReasonCode.EXEMPT),
    Verdict.UNPROTECTED: Reason(ReasonCode.NOT_REQUIRED),
    Verdict.UNKNOWN: Reason(ReasonCode.UNKNOWN_REGISTRATION, "The report is not there yet."),
}
KNOWN = LedgerTime(
    span=Span(datetime(2026, 10, 1, 9, 30, tzinfo=UTC), BEGAN - timedelta(hours=1)), unknown=""
)
OLDER = Unknown("The account is older than what the ledger knows.")
ALIVE = (Alive(0, None), Alive(0, OLDER), Alive(2, OLDER), Alive(1, None))
"""What the ledger knows of people: of following numbers something else each."""


def a_user(number: int, of: int = 256) -> UserId:
    """An object id; those of following numbers lie in following parts of the tenant."""
    return UserId(str(UUID(int=(number % of) << 120 | number)))


def a_line(
    number: int,
    verdict: Verdict = Verdict.UNPROTECTED,
    *,
    name: str | None = None,
    department: str = "Sales",
    reasons: tuple[Reason, ...] | None = None,
    cause: Cause | None = None,
    means: frozenset[Means] = frozenset(),
    alive: Alive | None = None,
) -> Line:
    """What a run found about a person."""
    return Line(
        person=Person(
            belonging=Belonging(user_id=a_user(number)),
            state=PerUserMfaState.DISABLED,
            registration=Registration(means=means),
        ),
        sign_in_name=f"kim.{number}@contoso.example" if name is None else name,
        department=department,
        guest=None,
        licensed=True,
        numbered=True,
        verdict=verdict,
        reasons=(WHY[verdict],) if reasons is None else reasons,
        since=BEGAN - timedelta(days=number % 50),
        cause=cause,
        legacy=Door.BLOCKED if verdict is Verdict.PROTECTED else Door.OPEN,
        app_passwords=(Door.BLOCKED, Door.OPEN, Door.UNKNOWN)[number % 3],
        alive=ALIVE[number % 4] if alive is None else alive,
        sspr_registered=number % 4 > 0,
        sspr_enabled=None if number % 7 == 0 else True,
        sspr_capable=None if number % 7 == 0 else number % 4 > 0,
    )


def a_run(
    *,
    run_id: RunId = RUN_ID,
    state: RunState = RunState.COMPLETED,
    slices: int = 1,
    totals: Totals | None = None,
    started_at: datetime = BEGAN,
    previous: RunId | None = None,
    problems: tuple[Problem, ...] = (),
    ledger: LedgerTime = KNOWN,
) -> Run:
    """A run, by default one that has ended."""
    running = state is RunState.RUNNING
    return Run(
        run_id=run_id,
        state=state,
        stage=Stage.EVALUATE if running else Stage.NOTHING,
        started_at=started_at,
        updated_at=started_at,
        by="timer",
        finished_at=None if running else started_at + timedelta(minutes=4),
        slices=slices,
        previous=previous,
        problems=problems,
        ledger=ledger,
        totals=totals,
    )


def a_report(
    lines: Iterable[Line],
    *,
    changes: Sequence[Change] = (),
    earlier: Totals | None = None,
    problems: tuple[Problem, ...] = (),
    shown: int = 200,
    left_out: int = 0,
) -> Report:
    """The report of a run that found this."""
    everybody = list(lines)
    totals = totals_of(everybody, changes, left_out=left_out)
    state = RunState.PARTIAL if problems else RunState.COMPLETED
    found = [line for line in everybody if line.verdict is not Verdict.PROTECTED]
    return Report(
        run=a_run(state=state, totals=totals, problems=problems),
        totals=totals,
        earlier=None
        if earlier is None
        else Earlier(started_at=BEGAN - timedelta(days=1), totals=earlier),
        lines=tuple(found[:shown]),
        at=BEGAN + timedelta(hours=6),
    )


async def keep_results(
    runs: Runs, snapshots: Snapshots, run: Run, lines: Iterable[Line], of: int = 1
) -> Run:
    """Keep a run with what it found, as the stages of a sweep do."""
    parts: dict[Slice, list[Line]] = {Slice(number, of): [] for number in range(of)}
    for line in lines:
        next(found for part, found in parts.items() if part.holds(line.user_id)).append(line)
    whole = Totals()
    for part, found in parts.items():
        found.sort(key=lambda line: line.user_id)
        totals = totals_of(found, (), left_out=0)
        await snapshots.keep(run.run_id, part, found, totals)
        whole += totals
    begun = await runs.begin(
        a_run(run_id=run.run_id, state=RunState.RUNNING, started_at=run.started_at, slices=of),
        given_up_before=BEGAN - timedelta(days=900),
    )
    if run.state is RunState.RUNNING:
        return begun.run
    ended = a_run(
        run_id=run.run_id,
        state=run.state,
        slices=of,
        totals=whole,
        started_at=run.started_at,
        previous=run.previous,
        problems=run.problems,
        ledger=run.ledger,
    )
    return (await runs.save(begun, ended)).run
