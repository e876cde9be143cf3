"""How many app passwords are alive: what the ledger knows counts, and nothing else is none."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.domain.alive import FRESH, Alive, LedgerLines, LedgerTime, Shown, time_of
from shared.domain.authentication import Unknown
from shared.domain.ids import UserId
from shared.domain.ledger import Coverage, Doing, LedgerEntry, Span

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
KIM = UserId("a0000000-0000-4000-8000-000000000001")
SPAN = Span(NOON, NOON + 10 * DAY)
KNOWN = LedgerTime(span=SPAN, unknown="")
BORN = NOON + DAY
CREATED, DELETED = Doing.CREATED, Doing.DELETED


def lines(*told: tuple[Doing, float]) -> tuple[LedgerEntry, ...]:
    """Lines of the log, by what was done and on which day of the known time."""
    return tuple(
        LedgerEntry(entry_id=str(number), user_id=KIM, at=NOON + day * DAY, doing=doing)
        for number, (doing, day) in enumerate(told)
    )


def alive(
    *told: tuple[Doing, float], made: datetime | None = BORN, time: LedgerTime = KNOWN
) -> Alive:
    """What these lines come to."""
    return LedgerLines(time, {KIM: lines(*told)}).alive(KIM, made)


@pytest.mark.parametrize(
    ("told", "made", "least", "shown", "why"),
    [
        # All of the account's life is known.
        ((), BORN, 0, Shown.NONE, None),
        ((), SPAN.since, 0, Shown.NONE, None),
        (((CREATED, 2), (DELETED, 3)), BORN, 0, Shown.NONE, None),
        (((CREATED, 2), (CREATED, 2), (DELETED, 3)), BORN, 1, Shown.ALIVE, None),
        # It is not: what is known to be alive is, and there may be more.
        ((), NOON - DAY, 0, Shown.UNKNOWN, "older"),
        (((CREATED, 2), (DELETED, 3)), NOON - DAY, 0, Shown.UNKNOWN, "older"),
        (((CREATED, 2), (CREATED, 2)), NOON - DAY, 2, Shown.ALIVE, "older"),
        ((), None, 0, Shown.UNKNOWN, "does not tell when"),
        (((CREATED, 2),), None, 1, Shown.ALIVE, "does not tell when"),
        ((), SPAN.until + DAY, 0, Shown.UNKNOWN, "younger"),
        # From before a gap: it may be deleted, and nobody knows.
        (((CREATED, -1),), NOON - DAY, 0, Shown.UNKNOWN, "older"),
        # From after the known time: another run counts it, with whatever answers to it.
        (((CREATED, 2), (DELETED, 10.1)), BORN, 1, Shown.ALIVE, None),
        (((CREATED, 10.1),), BORN, 0, Shown.UNKNOWN, "created after"),
        (((CREATED, 10.1), (DELETED, 10.2)), BORN, 0, Shown.UNKNOWN, "created after"),
        (((CREATED, 2), (CREATED, 10.1)), BORN, 1, Shown.ALIVE, "created after"),
        (((DELETED, 10.1),), BORN, 0, Shown.NONE, None),
    ],
)
def test_what_lines_come_to(
    told: tuple[tuple[Doing, float], ...],
    made: datetime | None,
    least: int,
    shown: Shown,
    why: str | None,
) -> None:
    """So many are alive, and why there may be more."""
    found = alive(*told, made=made)
    assert (found.least, found.shown) == (least, shown)
    assert (found.doubt is None) is (why is None)
    assert found.doubt is None or (why or "") in found.doubt.reason


def test_who_is_not_in_the_ledger_has_none_only_where_it_knows_their_life() -> None:
    """No line about somebody is an answer only where all lines were read."""
    known = LedgerLines(KNOWN, {})
    assert known.alive(KIM, BORN) == Alive(least=0, doubt=None)
    for nothing in (
        LedgerLines(),
        LedgerLines(LedgerTime(unknown="The ledger was never kept."), {}),
        LedgerLines(KNOWN, Unknown("denied")),
        LedgerLines(KNOWN, {KIM: Unknown("a row can't be read")}),
    ):
        found = nothing.alive(KIM, BORN)
        assert (found.least, found.shown) == (0, Shown.UNKNOWN)
        assert found.doubt is not None
    assert LedgerLines(KNOWN, {KIM: Unknown("a row")}).alive(UserId("b"), BORN).doubt is None


def test_of_several_parts_the_last_counts() -> None:
    """Before it lies a gap, in which anything may have been deleted or made."""
    gapped = Coverage((Span(NOON - 30 * DAY, NOON - 5 * DAY), SPAN))
    assert time_of(gapped, SPAN.until) == KNOWN


@pytest.mark.parametrize(
    ("coverage", "now", "why"),
    [
        (Coverage(), NOON, "never kept"),
        (Coverage((SPAN,)), SPAN.until + FRESH + timedelta(seconds=1), "it is not kept"),
    ],
)
def test_a_ledger_that_is_not_kept_tells_nothing(
    coverage: Coverage, now: datetime, why: str
) -> None:
    """What was done since its end nobody knows: neither who has none, nor who still has one."""
    time = time_of(coverage, now)
    assert time.span is None
    assert why in time.unknown
    found = alive((CREATED, 2), time=time)
    assert (found.least, found.shown) == (0, Shown.UNKNOWN)
    assert time_of(Coverage((SPAN,)), SPAN.until + FRESH).span == SPAN


@given(
    told=st.lists(st.tuples(st.sampled_from(Doing), st.floats(-3, 13)), max_size=6),
    made=st.one_of(st.none(), st.datetimes(timezones=st.just(UTC))),
    ends=st.one_of(st.just(10), st.integers(-3, 40)),
)
def test_unknown_is_never_none(
    told: list[tuple[Doing, float]], made: datetime | None, ends: int
) -> None:
    """None are alive only in a known life, and only where each creation is answered."""
    time = time_of(Coverage((SPAN,)), NOON + ends * DAY)
    found = alive(*told, made=made, time=time)
    in_life = time.span is not None and made is not None and SPAN.since <= made <= SPAN.until
    later = any(doing is CREATED and day > 10 for doing, day in told)
    if found.shown is Shown.NONE:
        assert in_life
        assert not later
        assert not alive(*told, made=made).least
    assert (found.doubt is None) is (in_life and not later)
