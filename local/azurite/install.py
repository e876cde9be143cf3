"""Installs Azurite, as `package-lock.json` pins it, beside the Python packages; once."""

import sys
from collections.abc import Callable
from pathlib import Path

from local.npm import install_pinned

_HERE = Path(__file__).parent


def install(report: Callable[[str], object], home: Path | None = None) -> Path:
    """Install Azurite where that is still due.

    Args:
        report: told before the installation begins, as it takes about half a minute.
        home: the folder to install into; `azurite` in the Python environment where it is None.

    Returns:
        The folder of its programs, which Node runs: `azurite`, `azurite-table` and others.

    Raises:
        InstallError: npm failed.
        NodeMissingError: there is no Node.
    """
    modules = install_pinned(
        _HERE,
        home or Path(sys.prefix) / "azurite",
        lambda: report("Fetching Azurite from npm (once, about half a minute)"),
    )
    return modules / ".bin"
