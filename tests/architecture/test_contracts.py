"""Each contract of import-linter goes red when somebody breaks it."""

import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("functions", "shared", "local", "tests", "infra")

BREACHES = {
    "Dependencies point inwards": ("shared/domain/breach.py", "shared.application.intake"),
    "Nothing deployed knows the local stack, the tests or the infrastructure": (
        "shared/application/breach.py",
        "local.clock",
    ),
    "The campaign's model knows nothing of the product that it judges": (
        "tests/campaigns/script.py",
        "shared.domain.cases",
    ),
    "Triggers are outermost": ("shared/application/breach.py", "functions.http"),
    "The local stack does not know the tests": ("local/breach.py", "tests.conftest"),
    "Only bootstrap names concrete adapters": (
        "functions/breach.py",
        "shared.adapters.tables.cases",
    ),
    "Triggers and use cases get their settings from bootstrap": (
        "functions/breach.py",
        "shared.settings",
    ),
    "The domain is standard library only": ("shared/domain/breach.py", "msgspec"),
    "Use cases, contracts and settings know no SDK": (
        "shared/application/breach.py",
        "azure.servicebus",
    ),
    "Only the Graph adapter knows Microsoft Graph": (
        "shared/adapters/tables/breach.py",
        "msgraph",
    ),
    "Adapters do not know each other": (
        "shared/adapters/tables/breach.py",
        "shared.adapters.graph",
    ),
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A copy of the code that a test may spoil."""
    for package in PACKAGES:
        shutil.copytree(
            ROOT / package, tmp_path / package, ignore=shutil.ignore_patterns("__pycache__")
        )
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def lint(project: Path) -> str:
    """What import-linter says."""
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run(
        [str(linter), "--no-cache"], cwd=project, capture_output=True, text=True, check=False
    )
    return done.stdout + done.stderr


def test_every_contract_has_its_breach() -> None:
    """A contract that nobody has seen red proves nothing."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    assert [contract["name"] for contract in contracts] == list(BREACHES)


@pytest.mark.parametrize("contract", BREACHES)
def test_a_breach_turns_its_contract_red(project: Path, contract: str) -> None:
    """One import in the wrong place is found."""
    path, imported = BREACHES[contract]
    (project / path).write_text(f"import {imported}\n")
    assert f"{contract} BROKEN" in lint(project)


def test_a_module_without_a_layer_is_noticed(project: Path) -> None:
    """Whoever adds a part to `shared` has to say where it stands."""
    (project / "shared" / "newcomer.py").write_text("")
    assert "Dependencies point inwards BROKEN" in lint(project)
