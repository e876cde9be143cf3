"""When a leaver's case makes way for another one about the same person."""

from collections.abc import Iterable
from datetime import datetime

from shared.domain.cases import Case
from shared.domain.precedence import called_back_by, overtaken_by, superseded
from shared.domain.transitions import Transition


def makes_way(
    case: Case, others: Iterable[Case], now: datetime, *, begun: bool
) -> Transition | None:
    """The case that another one makes needless; None where none does.

    Args:
        case: a leaver's case.
        others: all other cases about the same person.
        now: the time.
        begun: whether sessions have been revoked. Who was hired anew meanwhile keeps what is left:
            their account may be blocked one day for other reasons than that they have left. Before
            that, another date of HR's counts, too.
    """
    way = called_back_by if begun else overtaken_by
    newer = way(case, others, now)
    return None if newer is None else superseded(case, newer, now)
