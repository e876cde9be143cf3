"""Both files of requirements are pins of pyproject.toml for every supported Python."""

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from local.generate import requirements
from tests.packaging.shipping import ROOT

NAMES = [target.file for target in requirements.TARGETS]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The files that the check reads, to be changed by a test."""
    for name in ["pyproject.toml", *NAMES]:
        shutil.copyfile(ROOT / name, tmp_path / name)
    return tmp_path


def edit(path: Path, old: str, new: str) -> None:
    """Replace a text that must be there."""
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_the_files_are_in_step() -> None:
    """Every requirement has one pin that satisfies it, on each Python, and nothing is stale."""
    assert requirements.problems(ROOT) == []


def test_supported_versions_are_those_of_the_project() -> None:
    """The Pythons that are checked are those of `requires-python`."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lowest, highest = requirements.SUPPORTED[0], requirements.SUPPORTED[-1]
    following = f"3.{int(highest.split('.')[1]) + 1}"
    assert project["requires-python"] == f">={lowest},<{following}"


def test_azure_functions_is_1_below_3_13_and_2_from_there() -> None:
    """The worker of 3.13 takes azure-functions 2.x, the older ones 1.x."""
    pins = re.findall(
        r"^azure-functions==(\d+)\S* ; (.*)$", (ROOT / NAMES[0]).read_text(), re.MULTILINE
    )
    assert pins == [("1", "python_full_version < '3.13'"), ("2", "python_full_version >= '3.13'")]


@pytest.mark.parametrize("name", NAMES)
def test_pins_hold_no_address_and_no_folder(name: str) -> None:
    """Each line is a comment of ours or `name==version ; marker`."""
    pin = re.compile(r"[a-z0-9-]+==[0-9][0-9a-z.]*( ; [a-z_A-Z0-9 <>=!.'()]+)?")
    for line in (ROOT / name).read_text(encoding="utf-8").splitlines():
        assert line.startswith("# ") or pin.fullmatch(line), line


def test_what_is_tested_is_what_is_deployed() -> None:
    """Every deployed version stands in requirements-dev.txt, the same."""
    deployed, tested = (
        set(re.findall(r"^[^#\s]+", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE))
        for name in NAMES
    )
    assert deployed <= tested


def test_a_changed_requirement_is_stale(copy: Path) -> None:
    """A range that was moved and not pinned again shows in both files."""
    edit(copy / "pyproject.toml", "azure-identity>=1.27", "azure-identity>=1.26")
    found = requirements.problems(copy)
    assert [problem.split(" ")[0] for problem in found] == NAMES


def test_a_pin_outside_its_range_shows(copy: Path) -> None:
    """A pin edited by hand to a version that the range excludes is named for each Python."""
    path = copy / "requirements.txt"
    path.write_text(re.sub(r"azure-identity==\S+", "azure-identity==1.0", path.read_text()))
    found = requirements.problems(copy)
    assert len(found) == len(requirements.SUPPORTED)
    assert all("azure-identity>=1.27" in problem for problem in found)


def test_a_missing_file_shows(copy: Path) -> None:
    """A file that was never generated is stale, and every requirement is pinned nowhere."""
    (copy / "requirements.txt").unlink()
    found = requirements.problems(copy)
    assert found[0].startswith("requirements.txt is stale")
    assert any("pinned nowhere" in problem for problem in found)
