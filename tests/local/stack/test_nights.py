"""When the sweep of a stack begins by itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

from local.host.ncrontab import Schedule
from local.stack.addresses import Addresses
from local.stack.environment import host_environment
from local.stack.keys import load_keys
from shared.names import Setting

NOW = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def next_sweep(directory: Path, *, nightly: bool) -> timedelta:
    """How far away it is."""
    environment = host_environment(
        load_keys(directory / "keys.json"),
        Addresses(host="h", graph="g", service_bus="s", tables="t"),
        break_glass=[],
        nightly=nightly,
        further={},
    )
    return Schedule.parse(environment[Setting.SWEEP_SCHEDULE]).next_after(NOW) - NOW


def test_a_stack_that_people_use_is_swept_each_night(tmp_path: Path) -> None:
    """As in Azure, at two."""
    assert next_sweep(tmp_path, nightly=True) == timedelta(hours=11)


def test_other_stories_are_not_swept(tmp_path: Path) -> None:
    """Whoever lets months go by in a test finds what they have done themselves."""
    assert next_sweep(tmp_path, nightly=False) > timedelta(days=365)
