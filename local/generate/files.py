"""Write a generated file, or say that it is stale: what every generator does at its end."""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The folder of the project."""


def stale(files: Mapping[Path, str]) -> list[Path]:
    """The files whose content on disk is not the given one; a missing file is stale."""
    return [
        path
        for path, content in files.items()
        if not path.is_file() or path.read_text(encoding="utf-8") != content
    ]


def write_or_check(
    files: Mapping[Path, str], *, module: str, arguments: Sequence[str] | None = None
) -> int:
    """Run a generator's command line: write the files, or with `--check` name the stale ones.

    Args:
        files: the content that each file should have.
        module: the generator, as `python -m` takes it; named in what is printed.
        arguments: the command line; the process's own where it is None.

    Returns:
        The exit code: 1 where `--check` found a stale file, else 0.
    """
    parser = argparse.ArgumentParser(prog=f"python -m {module}")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 when stale")
    if parser.parse_args(arguments).check:
        outdated = stale(files)
        for path in outdated:
            sys.stderr.write(f"{path.name} is stale: run python -m {module}\n")
        return 1 if outdated else 0
    for path, content in files.items():
        path.write_text(content, encoding="utf-8")
    return 0
