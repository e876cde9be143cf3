"""The month of a campaign, and what a failure shows."""

from tests.e2e.conftest import pytest_runtest_makereport
from tests.stands.authorities import one_authority

__all__ = ["one_authority", "pytest_runtest_makereport"]
