"""The mass import measures what it says: everybody enforced, by the necessary requests."""

import pytest

from local.bench import mass_import
from local.bench.paths.requests import ENABLING, ENFORCING

PEOPLE = 3
FOR_EVERYBODY = 8
"""A token, the break-glass accounts, the policies, the directory's size, with some to spare."""


@pytest.mark.slow
def test_everybody_is_enforced_with_the_necessary_requests() -> None:
    """It ends only when events told of everybody, and no request is made twice for anybody."""
    requests, *times = mass_import.measure(PEOPLE, lambda _: None)
    assert requests.floor == PEOPLE * (len(ENABLING) + len(ENFORCING))
    assert 0 <= requests.ours - requests.floor <= FOR_EVERYBODY
    assert [figure.unit for figure in times] == ["s"] * 3
