"""Installs Azurite, as `package-lock.json` pins it, beside the Python packages; once."""

import sys
from collections.abc import Callable
from pathlib import Path

from local.npm import install_pinned

_HERE = Path(__file__).parent


def install(report: Callable[[str], object]) -> Path:
    """Install Azurite into the Python environment, where that is still due.

    Args:
        report: told before the installation begins, as it takes about half a minute.

    Returns:
        The folder of its programs, which Node runs: `azurite`, `azurite-table` and others.

    Raises:
        InstallError: npm failed.
        NodeMissingError: there is no Node.
    """
    modules = install_pinned(
        _HERE,
        Path(sys.prefix) / "azurite",
        lambda: report("Fetching Azurite from npm (once, about half a minute)"),
    )
    return modules / ".bin"
