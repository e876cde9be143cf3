"""The shipped files and requirements.txt are enough: they index in an otherwise empty Python."""

import json
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from shared.names import FunctionName
from tests.packaging.shipping import ROOT, copy_shipped

pytestmark = pytest.mark.slow

INDEX_WITH_SDK = Path(__file__).with_name("index_with_sdk.py")
INDEX_WITH_WORKER = Path(__file__).with_name("index_with_worker.py")
EXPECTED = sorted(name.value for name in FunctionName)


@dataclass(frozen=True)
class Deployment:
    """A folder as the platform has it after a deployment: the package, and its dependencies."""

    python: Path
    folder: Path

    def run(self, script: Path, *, search: Path | None = None) -> list[str]:
        """Run a script in the folder, with an environment that has no settings at all."""
        path = {"PYTHONPATH": str(search)} if search else {}
        ended = subprocess.run(
            [self.python, "-W", "error", str(script), str(self.folder)],
            cwd=self.folder,
            env=path,
            capture_output=True,
            text=True,
            check=False,
        )
        assert ended.returncode == 0, ended.stderr
        names: list[str] = json.loads(ended.stdout.splitlines()[-1])
        return sorted(names)


def uv(*arguments: str | Path) -> None:
    """Run uv; what it says on failure is the test's message."""
    command = shutil.which("uv", path=str(Path(sys.executable).parent)) or shutil.which("uv")
    assert command is not None
    ended = subprocess.run(
        [command, *arguments], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 0, ended.stderr


def interpreter(version: str) -> Path:
    """A Python of this version: the running one, one on PATH, or one that pyenv keeps.

    Skips the test where the machine has none.
    """
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return Path(sys.executable)
    kept = sorted((Path.home() / ".pyenv" / "versions").glob(f"{version}.*/bin/python{version}"))
    found = [Path(path) for path in [shutil.which(f"python{version}")] if path]
    for candidate in [*kept, *found]:
        # A shim of pyenv is on PATH even where its version is not switched on.
        works = subprocess.run([candidate, "-V"], capture_output=True, check=False).returncode == 0
        if works:
            return candidate
    pytest.skip(f"no Python {version} on this machine")


@pytest.fixture(scope="module")
def deployment(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Deployment:
    """The shipped files, and an environment with nothing but requirements.txt."""
    version: str = request.param
    target = tmp_path_factory.mktemp("deployment")
    python = target / "environment" / "bin" / "python"
    uv("venv", "--python", interpreter(version), target / "environment")
    uv("pip", "install", "--python", python, "--requirement", ROOT / "requirements.txt")
    copy_shipped(target / "package")
    return Deployment(python, target / "package")


@pytest.mark.parametrize("deployment", ["3.11", "3.13"], indirect=True)
def test_the_package_indexes(deployment: Deployment) -> None:
    """Every function is found with the deployed files and the pinned packages alone."""
    assert deployment.run(INDEX_WITH_SDK) == EXPECTED


@pytest.mark.parametrize("deployment", ["3.13"], indirect=True)
def test_microsofts_worker_loads_the_package(deployment: Deployment, tmp_path: Path) -> None:
    """The worker of Python 3.13 in Azure starts with the package and reports its functions."""
    uv(
        *("pip", "install", "--python", deployment.python, "--target", tmp_path),
        *("--constraint", ROOT / "requirements-dev.txt", "azure-functions-runtime"),
    )
    assert deployment.run(INDEX_WITH_WORKER, search=tmp_path) == EXPECTED
