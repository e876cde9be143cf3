"""`./dev` finds a Python, and says so where there is none that will do."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local import commands, venv

LOCAL = (sys.executable, "-m", "local")


def fake_python(folder: Path, name: str, version: tuple[int, int]) -> None:
    """A program that answers the two questions that `dev` asks, and tells what it was run for."""
    fits = (3, 11) <= version <= (3, 13)
    newer = version >= (3, 14)
    program = folder / name
    program.write_text(
        "#!/bin/sh\n"
        'case "$2" in\n'
        f'  *"(3, 11)"*) exit {0 if fits else 1};;\n'
        f'  *"(3, 14)"*) exit {0 if newer else 1};;\n'
        "esac\n"
        f'[ "$1" = --version ] && echo "Python {version[0]}.{version[1]}.0" && exit\n'
        f'echo "{name} $*"\n'
    )
    program.chmod(0o755)


def run_dev(root: Path, path: Path) -> subprocess.CompletedProcess[str]:
    """`./dev up --detach` with only these programs, and `sh`'s own, on PATH."""
    for tool in ("sh", "dirname"):
        found = shutil.which(tool)
        assert found is not None
        (path / tool).symlink_to(found)
    return subprocess.run(
        [str(root / "dev"), "up", "--detach"],
        env={"PATH": str(path)},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("minor", [11, 12, 13])
def test_a_supported_python3_is_used(root: Path, tmp_path: Path, minor: int) -> None:
    """`python3` runs the command as it was given."""
    fake_python(tmp_path, "python3", (3, minor))
    assert run_dev(root, tmp_path).stdout == "python3 -m local.venv up --detach\n"


def test_another_python_stands_in_for_an_old_python3(root: Path, tmp_path: Path) -> None:
    """Where `python3` is too old, a newer one beside it is found."""
    fake_python(tmp_path, "python3", (3, 9))
    fake_python(tmp_path, "python3.12", (3, 12))
    assert run_dev(root, tmp_path).stdout.startswith("python3.12 ")


def test_a_python_that_is_too_new_is_tried_with_a_word(root: Path, tmp_path: Path) -> None:
    """3.14 is used where there is nothing else, and the person is told what was tested."""
    fake_python(tmp_path, "python3", (3, 14))
    done = run_dev(root, tmp_path)
    assert done.stdout.startswith("python3 ")
    assert "tested on 3.11 to 3.13" in done.stderr


def test_an_old_python_is_refused_clearly(root: Path, tmp_path: Path) -> None:
    """The message names what is needed and what is there."""
    fake_python(tmp_path, "python3", (3, 10))
    done = run_dev(root, tmp_path)
    assert done.returncode == 1
    assert "Python 3.11 or newer is needed" in done.stderr
    assert "3.10" in done.stderr


def test_changed_pins_are_noticed(tmp_path: Path) -> None:
    """The fingerprint that decides about installing again is that of the pins' content."""
    pins = tmp_path / "requirements-dev.txt"
    pins.write_text("rich==14.0\n")
    before = venv.fingerprint(pins)
    assert before == venv.fingerprint(pins)
    pins.write_text("rich==15.0\n")
    assert before != venv.fingerprint(pins)


@pytest.mark.parametrize("arguments", [[], ["--help"]])
def test_alone_it_lists_each_command_in_a_line(root: Path, arguments: list[str]) -> None:
    """Each command is listed with the first line of its module's docstring."""
    done = subprocess.run(
        [*LOCAL, *arguments],
        cwd=root,
        env={**os.environ, "COLUMNS": "120"},
        capture_output=True,
        text=True,
        check=True,
    )
    listed = {line.split()[0] for line in done.stdout.splitlines()[2:] if line.strip()}
    folder = Path(commands.__path__[0])
    assert listed == {path.stem.replace("_", "-") for path in folder.glob("[a-z]*.py")}


def test_a_command_that_does_not_exist_is_refused(root: Path) -> None:
    """The message names the commands that there are."""
    done = subprocess.run([*LOCAL, "fly"], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "no 'fly'" in done.stderr
    assert "demo" in done.stderr
