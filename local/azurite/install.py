"""Installs Azurite, as `package-lock.json` pins it, beside the Python packages; once."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from local.azurite.node import Node, find_node

_HERE = Path(__file__).parent
_PINS = ("package.json", "package-lock.json")


class InstallError(Exception):
    """npm could not install Azurite; its own words say why."""


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
    home = home or Path(sys.prefix) / "azurite"
    home.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(b"".join((_HERE / name).read_bytes() for name in _PINS)).hexdigest()
    target = home / digest[:16]
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.is_dir():
            report("Fetching Azurite from npm (once, about half a minute)")
            _run_npm(find_node(), target)
    return target / "node_modules" / ".bin"


def _run_npm(node: Node, target: Path) -> None:
    # Installed aside and renamed, so that an interrupted installation is never taken for one.
    with tempfile.TemporaryDirectory(dir=target.parent) as aside:
        work = Path(aside) / "azurite"
        work.mkdir()
        for name in _PINS:
            shutil.copy(_HERE / name, work)
        command = [*node.npm, "ci", "--no-audit", "--no-fund", "--no-update-notifier"]
        # Nothing that Azurite needs for tables is built or downloaded by a package's own script.
        command += ["--ignore-scripts", "--omit=optional", "--loglevel=error"]
        path = f"{Path(node.node).parent}{os.pathsep}{os.environ.get('PATH', '')}"
        npm = subprocess.run(  # noqa: S603 - npm with our own pins
            command,
            cwd=work,
            env={**os.environ, "PATH": path},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if npm.returncode:
            raise InstallError(f"npm failed ({npm.returncode}):\n{npm.stdout}{npm.stderr}".strip())
        work.rename(target)
