"""When a leaver's case makes way for another one about the same person."""

from collections.abc import Iterable
from datetime import datetime
from typing import Final

from shared.domain.cases import Case
from shared.domain.precedence import called_back_by, overtaken_by, superseded
from shared.domain.transitions import Transition

_STAYS: Final = "Sessions stay revoked, and methods that were removed stay so."


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
    if not begun:
        newer = overtaken_by(case, others, now)
        return None if newer is None else superseded(case, newer, now)
    back = called_back_by(case, others, now)
    if back is None:
        return None
    stays = "Nothing was changed." if case.observed else _STAYS
    return superseded(case, back, now, stays=stays)
