"""How long people may be exempt."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.errors import LifecycleError
from shared.domain.errors.exemptions import ExemptionLimitReached
from shared.domain.errors.requests import InvalidRequest
from shared.domain.exemption.limits import ExemptionLimits, Span, check_limits, recent
from tests.builders import NOW

DAY = timedelta(days=1)
LIMITS = ExemptionLimits()


def earlier(days: float, *, ago: float) -> Span:
    """A time that ended so many days ago."""
    return Span(NOW - (ago + days) * DAY, NOW - ago * DAY)


@pytest.mark.parametrize(
    ("days", "spent", "expected"),
    [
        (30, [], None),
        (30.01, [], InvalidRequest),
        (0, [], InvalidRequest),
        (-1, [], InvalidRequest),
        (30, [earlier(30, ago=10)], None),
        (30, [earlier(30, ago=10), earlier(1, ago=50)], ExemptionLimitReached),
        (30, [earlier(60, ago=400)], None),
        (30, [earlier(60, ago=336)], None),
        (30, [earlier(60, ago=300)], ExemptionLimitReached),
        (1, [earlier(59, ago=0)], None),
        (1, [earlier(59.1, ago=0)], ExemptionLimitReached),
    ],
)
def test_limits(days: float, spent: list[Span], expected: type[LifecycleError] | None) -> None:
    """Thirty days at once, sixty within the year that ends when the exemption does."""
    asked = Span(NOW, NOW + days * DAY)
    if expected is None:
        check_limits(asked, spent, LIMITS, NOW)
    else:
        with pytest.raises(expected):
            check_limits(asked, spent, LIMITS, NOW)


@given(st.lists(st.tuples(st.floats(0, 800), st.floats(0, 60)), max_size=8), st.floats(0.01, 30))
def test_what_is_forgotten_decides_nothing(past: list[tuple[float, float]], days: float) -> None:
    """Times that are no longer kept would not have counted."""
    spent = [earlier(length, ago=ago) for ago, length in past]

    def outcome(times: list[Span]) -> bool:
        try:
            check_limits(Span(NOW, NOW + days * DAY), times, LIMITS, NOW)
        except ExemptionLimitReached:
            return False
        return True

    assert outcome(list(recent(spent, NOW))) == outcome(spent)
