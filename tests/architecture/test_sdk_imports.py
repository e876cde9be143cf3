"""Which code may import which SDK, as far as import-linter can't tell."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

ALLOWED = {
    "azure.functions": ("function_app.py", "functions"),
    "azure.servicebus": ("shared/adapters/servicebus",),
    "azure.data": ("shared/adapters/tables",),
    "msgraph": ("shared/adapters/graph",),
    "msgraph_core": ("shared/adapters/graph",),
    "kiota_abstractions": ("shared/adapters/graph",),
    "kiota_http": ("shared/adapters/graph",),
    "jmespath": ("shared/contracts/expressions.py",),
    "standardwebhooks": ("shared/adapters/signatures",),
}
"""SDK -> the deployed folders that may import it."""


def deployed() -> list[Path]:
    """The Python files that are deployed."""
    folders = (ROOT / "functions", ROOT / "shared")
    return [ROOT / "function_app.py", *(path for top in folders for path in top.rglob("*.py"))]


def imports(source: str) -> Iterator[str]:
    """The modules that a file imports, wherever in it."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("sdk", ALLOWED)
def test_an_sdk_is_known_in_its_place_only(sdk: str) -> None:
    """Everywhere else a port stands for it."""
    strays = [
        str(path.relative_to(ROOT))
        for path in deployed()
        if not any(path.is_relative_to(ROOT / place) for place in ALLOWED[sdk])
        and any(f"{name}.".startswith(f"{sdk}.") for name in imports(path.read_text("utf-8")))
    ]
    assert strays == []


def test_the_domain_and_the_names_need_nothing_installed() -> None:
    """They import the standard library and themselves; nothing else, known or to come."""
    shared = ROOT / "shared"
    inside = [*(shared / "domain").rglob("*.py"), shared / "names.py", shared / "rights.py"]
    foreign = {
        name
        for path in inside
        for name in imports(path.read_text("utf-8"))
        if name.partition(".")[0] not in sys.stdlib_module_names
        and not name.startswith(("shared.domain", "shared.names"))
    }
    assert foreign == set()


def test_the_entry_point_only_puts_the_app_together() -> None:
    """`function_app` knows the triggers and bootstrap."""
    known = ("azure.functions", "collections.abc", "functions", "shared.bootstrap")
    assert [
        name
        for name in imports((ROOT / "function_app.py").read_text("utf-8"))
        if not f"{name}.".startswith(tuple(f"{module}." for module in known))
    ] == []
