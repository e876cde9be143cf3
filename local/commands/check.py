"""Check style, types, dependencies between the layers, and generated files."""

import argparse
import os
import pkgutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.markup import escape

from local import generate
from local.progress import steps
from local.stack.layout import ROOT


@dataclass(frozen=True)
class Check:
    """A command that has to succeed, and what to do where it does not."""

    name: str
    command: tuple[str, ...]
    mend: str


def checks() -> Iterator[Check]:
    """All checks, quick ones first."""
    tools = Path(sys.executable).parent
    ruff, lint_imports = str(tools / "ruff"), str(tools / "lint-imports")
    yield Check("ruff check", (ruff, "check"), f"{_shown(tools / 'ruff')} check --fix")
    yield Check("ruff format", (ruff, "format", "--check"), f"{_shown(tools / 'ruff')} format")
    for module in pkgutil.iter_modules(generate.__path__, f"{generate.__name__}."):
        if module.name != f"{generate.__name__}.files":
            command = (sys.executable, "-m", module.name)
            mend = f"{_shown(Path(sys.executable))} -m {module.name}"
            yield Check(f"generated: {module.name}", (*command, "--check"), mend)
    yield Check(
        "import-linter",
        (lint_imports, "--no-cache"),
        "move the import to the layer that may have it: [tool.importlinter] in pyproject.toml",
    )
    yield Check(
        "mypy", (sys.executable, "-m", "mypy"), "mend the types, or name the reason in a comment"
    )


def main(arguments: Sequence[str]) -> int:
    """Run them all, even after a failure; 1 if any failed."""
    argparse.ArgumentParser(prog="./dev check", description=__doc__).parse_args(arguments)
    screen = Console(highlight=False)
    failed = 0
    for check in checks():
        with steps(check.name):
            done = subprocess.run(  # noqa: S603 - our own commands
                check.command,
                cwd=ROOT,
                env={**os.environ, "NO_COLOR": "1"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
        if done.returncode:
            failed += 1
            screen.print(f"[red]failed[/] {check.name}")
            screen.print(done.stdout.rstrip(), markup=False, soft_wrap=True)
            screen.print("       [dim]to mend:[/]", escape(check.mend), soft_wrap=True)
        else:
            screen.print(f"[green]ok[/]     {check.name}")
    screen.print(f"{failed} failed" if failed else "All checks passed.")
    return 1 if failed else 0


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT)) if path.is_relative_to(ROOT) else path.name
