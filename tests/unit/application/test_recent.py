"""What was read a moment ago is remembered, and no longer, and not without end."""

from shared.application.recent import Recent


def test_value_ages_from_the_moment_its_read_began() -> None:
    """A value that took long to read is believed for less time after it came."""
    seconds = [0.0]
    recent: Recent[str, int] = Recent(10.0, 2, lambda: seconds[0])
    began = recent.now()
    seconds[0] = 4.0
    recent.put("a", 1, at=began)
    seconds[0] = 9.9
    assert recent.get("a") == 1
    seconds[0] = 10.0
    assert recent.get("a") is None


def test_no_more_are_kept_than_the_limit() -> None:
    """The one that was put first goes first; putting one again makes it the latest."""
    recent: Recent[str, int] = Recent(10.0, 2, lambda: 0.0)
    for key, value in (("a", 1), ("b", 2), ("a", 3), ("c", 4)):
        recent.put(key, value, at=0.0)
    assert [recent.get(key) for key in "abc"] == [3, None, 4]
