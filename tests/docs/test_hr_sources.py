"""What docs/hr-sources.md shows is what the app does."""

import json
import re
import shlex
from pathlib import Path

import pytest

from local.commands import hr_check
from local.commands.hr_check import EXAMPLES
from shared.application.ports.sources import SchemeName
from shared.settings import Settings, hr_profiles, profiles
from tests.unit.test_settings import COMPLETE

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "hr-sources.md").read_text(encoding="utf-8")
PROFILES = sorted(path for path in EXAMPLES.glob("*.json") if path.name.count(".") == 1)
RUNS = re.findall(r"```console\n\$ \./dev hr-check ([^\n]+)\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda path: path.stem)
def test_every_example_stands_on_the_page_and_is_a_good_setting(profile: Path) -> None:
    """What is shipped is shown word for word, and an app starts with it, on one line too."""
    text = profile.read_text(encoding="utf-8")
    assert f"```json\n{text}```" in PAGE
    setting = json.dumps(json.loads(text), separators=(",", ":"))
    secrets = {"HR_SECRET_EXAMPLE_1": "a-secret-that-is-long-enough"}
    settings = Settings.from_environment(COMPLETE | secrets | {"HR_SOURCE_EXAMPLE": setting})
    assert "example" in settings.sources


@pytest.mark.parametrize(("command", "printed"), RUNS)
def test_every_run_prints_what_the_page_shows(
    command: str,
    printed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each command of the page, run from the folder of the project, says the same."""
    monkeypatch.chdir(ROOT)
    code = hr_check.main(shlex.split(command))
    assert capsys.readouterr().out == printed
    assert code == int(printed.startswith("refused"))


def test_every_body_is_run() -> None:
    """No sample is shipped that nobody tries."""
    bodies = {str(path.relative_to(ROOT)) for path in EXAMPLES.glob("*.*.json")}
    assert {shlex.split(command)[1] for command, _ in RUNS} == bodies


def test_every_link_leads_somewhere() -> None:
    """Files that the page points to are there."""
    links = re.findall(r"\]\((?!http)([^)#]+)", PAGE)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_every_scheme_and_field_is_told_of() -> None:
    """The page's tables have a line for each."""
    first = set(re.findall(r"^\| `([\w-]+)`", PAGE, re.MULTILINE))
    assert first >= {*profiles.FIELDS, *hr_profiles.FIELDS, *SchemeName}
