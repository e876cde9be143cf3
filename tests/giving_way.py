"""To which of several cases about one person another one gives way."""

from collections.abc import Iterable
from datetime import datetime

from shared.domain.cases import Case
from shared.domain.precedence import gives_way
from shared.domain.schedules import Rules

RULES = Rules()


def overtaken_by(
    case: Case, others: Iterable[Case], now: datetime, *, begun: bool = False
) -> Case | None:
    """The case that makes it needless, by now or once that has begun."""
    others = tuple(others)
    way = gives_way(case, others, RULES, now, begun=begun)
    if way is None:
        return None
    return next(other for other in others if other.case_id == way.case.gives_way_to)


def called_back_by(case: Case, others: Iterable[Case], now: datetime) -> Case | None:
    """The same of a leaver's case that has begun."""
    return overtaken_by(case, others, now, begun=True)
