"""The month of a campaign, and what a failure shows."""

from tests.e2e.conftest import pytest_runtest_makereport

__all__ = ["pytest_runtest_makereport"]
