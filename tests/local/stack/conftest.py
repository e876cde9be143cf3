"""One stack for all tests that only look at it or leave it as it was."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from local.stack.stack import Stack
from tests.stands.authorities import one_authority

__all__ = ["one_authority"]


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A running stack."""
    with Stack(tmp_path_factory.mktemp("stack")) as stack:
        yield stack


@pytest.fixture
def root() -> Path:
    """The folder of the project."""
    return Path(__file__).resolve().parents[3]
