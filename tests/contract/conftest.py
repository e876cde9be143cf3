"""The real things that the contract suites run against."""

from collections.abc import Iterator

import pytest

from tests.stands.graph import GraphControl, GraphStand
from tests.stands.servicebus import ServiceBusProcess


@pytest.fixture(scope="package")
def graph_stand(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GraphStand]:
    """One simulated tenant for the whole suite; each test makes its own people."""
    with GraphStand(tmp_path_factory.mktemp("tenant")) as stand:
        yield stand


@pytest.fixture
def tenant(graph_stand: GraphStand) -> Iterator[GraphControl]:
    """The tenant's control side, without faults before and after."""
    graph_stand.control.do("DELETE", "requests")
    yield graph_stand.control
    graph_stand.control.clear_faults()
    graph_stand.control.lag(0)


@pytest.fixture
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServiceBusProcess]:
    """A broker of the test's own: some tests kill it."""
    process = ServiceBusProcess(tmp_path_factory.mktemp("broker")).start()
    yield process
    process.close()
