"""How every test runs."""

import pytest
from hypothesis import HealthCheck, settings

# Tests count calls, modules and bytes, never seconds: the machine may be busy.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

_COUNTED = "campaign: "


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the modules that have long campaigns: at last no worker is left with one."""
    long = {item.path for item in items if item.get_closest_marker("slow") is not None}
    items.sort(key=lambda item: item.path not in long)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print what campaigns have counted, also where they ran in another process."""
    for report in (*terminalreporter.getreports("passed"), *terminalreporter.getreports("failed")):
        counted = [pair for pair in report.user_properties if pair[0].startswith(_COUNTED)]
        if counted:
            terminalreporter.section(report.nodeid)
        for what, numbers in counted:
            terminalreporter.write_line(f"{what.removeprefix(_COUNTED)}: {numbers}")
