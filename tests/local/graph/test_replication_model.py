"""Replication, against the plainest model of it: the newest version whose time has come."""

from hypothesis import given
from hypothesis import strategies as st

from local.graph.tenant.replication import Replicated

_STEPS = st.lists(
    st.tuples(st.floats(0, 20), st.floats(0, 20), st.one_of(st.none(), st.integers())),
    min_size=1,
    max_size=12,
)


@given(_STEPS)
def test_readers_see_the_newest_version_whose_time_has_come(
    steps: list[tuple[float, float, int | None]],
) -> None:
    """Whatever the lags, forgetting old versions never changes what is read."""
    replicated = Replicated[int]()
    written: list[tuple[float, int | None]] = []
    now = 0.0
    for elapsed, lag, value in steps:
        now += elapsed
        replicated.write(value, now=now, lag=lag)
        written.append((now + lag, value))
        assert replicated.truth == value
        for moment in (now, now + 10, now + 40):
            visible = [content for visible_from, content in written if visible_from <= moment]
            assert replicated.seen(moment) == (visible[-1] if visible else None)
