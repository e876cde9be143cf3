"""The lists of requests that `./dev bench` compares with are the requests that are sent."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from local.bench.company import Company
from local.bench.paths import PATHS
from local.bench.paths.counting import count, listed, settings_of
from local.bench.paths.joining import JOINING
from local.bench.paths.leaving import LEAVING
from local.bench.paths.losing import LOSING
from local.bench.paths.path import Path
from local.stack.stack import Options, Stack

QUICK = (JOINING[0], LEAVING[0], LOSING[0])
"""Those that are tried with every change; the others take a few seconds each, too."""


@pytest.fixture(scope="module")
def company_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Path], Company]]:
    """The company whose stack has the settings of a path."""
    companies: dict[str, Company] = {}
    with ExitStack() as open_until_the_end:

        def company_of(path: Path) -> Company:
            settings = settings_of(path)
            if str(settings) not in companies:
                stack = Stack(tmp_path_factory.mktemp("stack"), Options(settings=settings))
                company = Company(open_until_the_end.enter_context(stack))
                companies[str(settings)] = open_until_the_end.enter_context(company)
            return companies[str(settings)]

        yield company_of


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=path.name, marks=() if path in QUICK else (pytest.mark.slow,))
        for path in PATHS
    ],
)
def test_a_path_takes_the_requests_that_are_listed(
    path: Path, company_of: Callable[[Path], Company]
) -> None:
    """Each request about a person has a name: a new one, or one that is gone, shows here."""
    assert count(path, company_of(path)).own == listed(path)
