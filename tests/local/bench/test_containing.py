"""A ticket's time counts the requests that it says, and no other floor than the necessary ones."""

from dataclasses import replace

import pytest

from local.bench import containing
from local.bench.company import BenchError
from local.bench.containing import Run, figure
from local.bench.paths.losing import CONTAINING

ROUTES = tuple(request.route for request in CONTAINING)
BARE = Run(ROUTES, (50.0,) * len(ROUTES))


def test_what_is_sent_beyond_the_necessary_shows() -> None:
    """It is in our time, by its name."""
    more = Run((*ROUTES, "GET /v1.0/groups"), (*BARE.pauses, 70.0))
    found = figure([BARE], [more])
    assert (found.floor, found.ours) == (350.0, 420.0)
    assert "{'GET /v1.0/groups': 1}" in found.remark


def test_a_floor_that_does_less_is_none() -> None:
    """Nor is one that does it in another order."""
    for routes in (ROUTES[1:], ROUTES[::-1]):
        with pytest.raises(BenchError, match="The floor sent"):
            figure([replace(BARE, routes=routes)], [BARE])


@pytest.mark.slow
def test_a_ticket_takes_the_necessary_requests_alone() -> None:
    """Where nothing that serves everybody has to be read anew."""
    (found,) = containing.measure(1, lambda _: None)
    assert "beyond, in all: none" in found.remark
    assert found.ours > found.floor > containing.LATENCY_MS * len(CONTAINING)
