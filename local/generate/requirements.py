"""Generate `requirements.txt` and `requirements-dev.txt` from `pyproject.toml`.

    python -m local.generate.requirements [--check | --upgrade]

Both have pins for every Python that the project supports, with markers. Pins that still fit are
kept unless `--upgrade` is given. The check needs no network: it compares what the files were made
from (a digest in their first lines), and that every requirement has a pin that satisfies it.
"""

import argparse
import hashlib
import json
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from packaging.markers import default_environment
from packaging.requirements import Requirement

from local.generate.files import ROOT

SUPPORTED = ("3.11", "3.12", "3.13")
"""The Python versions that the pins must serve; the first is the lowest."""


@dataclass(frozen=True)
class Target:
    """A file of pins, and the parts of `pyproject.toml` that it is made from."""

    file: str
    about: str
    groups: tuple[str, ...] = ()
    constraint: str | None = None


TARGETS = (
    Target("requirements.txt", "What is deployed."),
    Target(
        "requirements-dev.txt",
        "What the local stack, the tests and the checks need, what is deployed included.",
        groups=("local", "test", "check"),
        constraint="requirements.txt",
    ),
)


class PinningError(Exception):
    """uv could not resolve the requirements; its own words say why."""


def requirements(project: dict[str, Any], target: Target) -> list[str]:
    """The requirements, as `pyproject.toml` states them, that the target's pins must satisfy."""
    stated: list[str] = list(project["project"]["dependencies"])
    for group in target.groups:
        stated += project["dependency-groups"][group]
    return stated


def header(project: dict[str, Any], target: Target) -> str:
    """The first lines of the target: what it is, and the digest of what it was made from."""
    made_from = [project["project"]["requires-python"], *sorted(requirements(project, target))]
    digest = hashlib.sha256(json.dumps(made_from).encode()).hexdigest()
    return (
        f"# {target.about} Generated from pyproject.toml:"
        f" python -m local.generate.requirements\n# made from {digest}\n"
    )


def unsatisfied(stated: Sequence[str], pins: str) -> Iterator[str]:
    """Each requirement, with the Python version, that has not exactly one fitting pin."""
    pinned = [Requirement(line) for line in pins.splitlines() if not line.startswith("#")]
    for version in SUPPORTED:
        environment = {
            **{key: str(value) for key, value in default_environment().items()},
            "python_version": version,
            "python_full_version": f"{version}.0",
        }
        applying = [pin for pin in pinned if not pin.marker or pin.marker.evaluate(environment)]
        for line in stated:
            wanted = Requirement(line)
            if wanted.marker and not wanted.marker.evaluate(environment):
                continue
            versions = [
                next(iter(pin.specifier)).version for pin in applying if pin.name == wanted.name
            ]
            if len(versions) != 1 or versions[0] not in wanted.specifier:
                yield f"{line} on Python {version}: pinned {', '.join(versions) or 'nowhere'}"


def problems(root: Path) -> list[str]:
    """What is wrong with the generated files under `root`; empty where they are in step."""
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    found: list[str] = []
    for target in TARGETS:
        path = root / target.file
        content = path.read_text(encoding="utf-8") if path.is_file() else ""
        if not content.startswith(header(project, target)):
            found.append(f"{target.file} is stale: run python -m local.generate.requirements")
        found += (
            f"{target.file}: {problem}"
            for problem in unsatisfied(requirements(project, target), content)
        )
    return found


def generate(root: Path, *, upgrade: bool = False) -> None:
    """Resolve and write the files under `root`; needs the package index.

    Raises:
        PinningError: the requirements cannot be resolved, or the index cannot be reached.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    uv = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    if uv is None:
        raise PinningError("uv is not installed: pip install uv")
    for target in TARGETS:
        # No header and no notes of uv's own: they may name a folder or an index of this machine.
        command = [uv, "pip", "compile", "--quiet", "--universal", "--no-header", "--no-annotate"]
        command += ["--python-version", SUPPORTED[0]]
        command += ["pyproject.toml", "--output-file", target.file]
        command += [part for group in target.groups for part in ("--group", group)]
        command += ["--constraint", target.constraint] if target.constraint else []
        command += ["--upgrade"] if upgrade else []
        result = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)  # noqa: S603 - our own command line, no shell
        if result.returncode:
            raise PinningError(result.stderr.strip())
        path = root / target.file
        path.write_text(header(project, target) + path.read_text(encoding="utf-8"), "utf-8")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; see the module's docstring."""
    parser = argparse.ArgumentParser(prog="python -m local.generate.requirements")
    mode = parser.add_mutually_exclusive_group()
    mode.add_argument("--check", action="store_true", help="write nothing; exit 1 when stale")
    mode.add_argument("--upgrade", action="store_true", help="move every pin to the newest version")
    options = parser.parse_args(arguments)
    if options.check:
        found = problems(ROOT)
        sys.stderr.writelines(f"{problem}\n" for problem in found)
        return 1 if found else 0
    try:
        generate(ROOT, upgrade=options.upgrade)
    except PinningError as failure:
        sys.stderr.write(f"{failure}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
