"""Installs what a `package-lock.json` pins, beside the Python packages; once."""

import fcntl
import hashlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

from local.azurite.node import Node, find_node

_PINS = ("package.json", "package-lock.json")


class InstallError(Exception):
    """npm could not install the packages; its own words say why."""


def install_pinned(pins: Path, home: Path, report: Callable[[], object]) -> Path:
    """Install what stands in a folder's `package.json` where that is still due.

    Args:
        pins: the folder of `package.json` and `package-lock.json`.
        home: the folder to install into.
        report: called before the installation begins.

    Returns:
        The folder `node_modules`.

    Raises:
        InstallError: npm failed.
        NodeMissingError: there is no Node.
    """
    home.mkdir(parents=True, exist_ok=True)
    digest = hashlib.sha256(b"".join((pins / name).read_bytes() for name in _PINS)).hexdigest()
    target = home / digest[:16]
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not target.is_dir():
            report()
            _run_npm(find_node(), pins, target)
    return target / "node_modules"


def _run_npm(node: Node, pins: Path, target: Path) -> None:
    # Installed aside and renamed, so that an interrupted installation is never taken for one.
    with tempfile.TemporaryDirectory(dir=target.parent) as aside:
        work = Path(aside) / "packages"
        work.mkdir()
        for name in _PINS:
            shutil.copy(pins / name, work)
        command = [*node.npm, "ci", "--no-audit", "--no-fund", "--no-update-notifier"]
        # Nothing that we need is built or downloaded by a package's own script.
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
