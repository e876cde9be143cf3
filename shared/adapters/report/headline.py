"""How the report begins: how many are protected, and whether that became better."""

from shared.adapters.report.bars import number, share
from shared.adapters.report.words import day
from shared.domain.posture.reasons import Verdict
from shared.domain.sweep.report import Report


def headline(report: Report) -> str:
    """The one sentence that everybody reads."""
    if not report.people:
        return "Nobody was judged."
    if report.protected == report.people:
        told = "All" if report.people > 1 else "The only one"
        return f"{told} of {number(report.people)} people are really protected."
    verb = "is" if report.protected == 1 else "are"
    return f"{number(report.protected)} of {number(report.people)} people {verb} really protected."


def comparison(report: Report) -> str:
    """What became of it since the run before."""
    if report.earlier is None:
        return "There is no earlier run to compare with."
    more = report.protected - report.earlier.totals.verdicts[Verdict.PROTECTED]
    when = f"in the run of {day(report.earlier.started_at)}"
    part = f"That is {share(report.protected, report.people)}: "
    if not more:
        return f"{part}as many as {when}."
    return f"{part}{number(abs(more))} {'more' if more > 0 else 'fewer'} than {when}."


def difference(report: Report, verdict: Verdict) -> str:
    """How many more or fewer have a verdict than before; empty where that is not known."""
    if report.earlier is None:
        return ""
    return signed(report.totals.verdicts[verdict] - report.earlier.totals.verdicts[verdict])


def signed(count: int) -> str:
    """A difference for people."""
    if not count:
        return "±0"
    return f"{'+' if count > 0 else '−'}{number(abs(count))}"  # noqa: RUF001  (a minus sign)
