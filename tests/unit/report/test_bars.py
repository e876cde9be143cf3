"""Bars: what is drawn, and what is said of it."""

from hypothesis import given
from hypothesis import strategies as st

from shared.adapters.report.bars import Part, bar, share
from shared.adapters.report.sections import DOUBTS, MENDABLE
from shared.adapters.report.words import METHODS, VERDICTS
from shared.domain.posture.means import Means
from shared.domain.posture.reasons import ReasonCode, Verdict
from shared.domain.sweep.totals import NoMeans

COUNTS = st.lists(st.integers(0, 1_000_000), min_size=1, max_size=6)


@given(counts=COUNTS)
def test_a_bar_is_full_and_nothing_lies_on_another(counts: list[int]) -> None:
    """Its parts follow each other from the left edge to the right one."""
    drawn = bar(Part(kind="plain", label="x", count=count) for count in counts)
    end = 0.0
    for segment in drawn.segments:
        assert abs(segment.start - end) < 0.01
        end = segment.start + segment.width
    assert abs(end - (100 if sum(counts) else 0)) < 0.02


@given(counts=COUNTS)
def test_whoever_is_there_can_be_seen(counts: list[int]) -> None:
    """One of a million has a line of their own; nobody has none."""
    drawn = bar(Part(kind="plain", label="x", count=count) for count in counts)
    for segment in drawn.segments:
        assert (segment.width > 0.4) is (segment.count > 0)


@given(whole=st.integers(1, 2_000_000), data=st.data())
def test_a_share_is_never_rounded_to_all_or_nothing(whole: int, data: st.DataObject) -> None:
    """It says 100% of all alone, and 0% of nobody alone."""
    count = data.draw(st.integers(0, whole))
    assert (share(count, whole) == "100%") is (count == whole)
    assert (share(count, whole) == "0%") is (count == 0)


def test_everything_has_a_name() -> None:
    """No verdict and no method is shown by its code."""
    assert set(VERDICTS) == set(Verdict)
    assert set(METHODS) == {*Means, *NoMeans}


def test_every_reason_has_its_place() -> None:
    """A reason is to be mended, a doubt, or neither on purpose."""
    neither = {
        ReasonCode.PER_USER_ENFORCED,
        ReasonCode.CONDITIONAL_ACCESS,
        ReasonCode.SECURITY_DEFAULTS,
        ReasonCode.SECURITY_DEFAULTS_AT_RISK,
        ReasonCode.PHISHING_RESISTANT,
        ReasonCode.REGISTERED_ELSEWHERE,
        ReasonCode.EXEMPT,
        ReasonCode.IN_GRACE,
        ReasonCode.NO_TRUSTED_IPS_ASSUMED,
    }
    assert set(ReasonCode) == {*MENDABLE, *DOUBTS} | neither
    assert {*MENDABLE, *DOUBTS}.isdisjoint(neither)
