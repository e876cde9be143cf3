"""What the tests of the triggers share."""

from collections.abc import Iterator

import pytest

from tests.triggers.deployment import Deployment


@pytest.fixture
def deployment() -> Deployment:
    """An app over fakes."""
    return Deployment()


@pytest.fixture
def guarded(monkeypatch: pytest.MonkeyPatch) -> None:
    """App Service Authentication guards the app."""
    monkeypatch.setenv("WEBSITE_AUTH_ENABLED", "True")


@pytest.fixture(scope="module")
def guarded_for_all() -> Iterator[None]:
    """App Service Authentication guards the app for every example of a property."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("WEBSITE_AUTH_ENABLED", "True")
        yield
