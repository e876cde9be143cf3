"""What docs/resets.md shows is what the app does."""

import json
import re
import shlex
from pathlib import Path

import pytest

from local.commands import ticket_check
from local.commands.ticket_check import EXAMPLES
from shared.contracts.reset_ticket import decode_ticket
from shared.names import BROKER
from shared.settings import Settings, profiles
from tests.docs.reset_scope import table
from tests.unit.test_settings import COMPLETE

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "resets.md").read_text(encoding="utf-8")
PROFILES = sorted(path for path in EXAMPLES.glob("*.json") if path.name.count(".") == 1)
RUNS = re.findall(r"```console\n\$ \./dev ticket-check ([^\n]+)\n(.*?)```", PAGE, re.DOTALL)


@pytest.mark.parametrize("profile", PROFILES, ids=lambda path: path.stem)
def test_every_example_stands_on_the_page_and_is_a_good_setting(profile: Path) -> None:
    """What is shipped is shown word for word, and an app starts with it, on one line too."""
    text = profile.read_text(encoding="utf-8")
    assert f"```json\n{text}```" in PAGE
    setting = json.dumps(json.loads(text), separators=(",", ":"))
    secrets = {"RESET_SECRET_EXAMPLE_1": "a-secret-that-is-long-enough"}
    settings = Settings.from_environment(COMPLETE | secrets | {"RESET_SOURCE_EXAMPLE": setting})
    assert "example" in settings.reset_sources


@pytest.mark.parametrize(("command", "printed"), RUNS)
def test_every_run_prints_what_the_page_shows(
    command: str,
    printed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each command of the page, run from the folder of the project, says the same."""
    monkeypatch.chdir(ROOT)
    assert ticket_check.main(shlex.split(command)) == 0
    assert capsys.readouterr().out == printed


def test_every_body_is_run() -> None:
    """No sample is shipped that nobody tries."""
    bodies = {str(path.relative_to(ROOT)) for path in EXAMPLES.glob("*.*.json")}
    assert {shlex.split(command)[1] for command, _ in RUNS} == bodies


def test_every_link_leads_somewhere() -> None:
    """Files that the page points to are there."""
    links = re.findall(r"\]\((?!http)([^)#]+)", PAGE)
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


def test_the_ticket_of_the_page_is_one() -> None:
    """Who copies it is understood."""
    shown = re.search(r"## The ticket\n\n```json\n(.*?)```", PAGE, re.DOTALL)
    assert shown is not None
    assert decode_ticket(shown[1].encode()).ticket_id == "INC-4711"


def test_what_is_removed_is_what_the_policy_removes() -> None:
    """Each type of method, by each reason."""
    assert f"|---|---|---|---|---|\n{table()}\n" in PAGE


def test_every_field_of_a_profile_is_told_of() -> None:
    """The page's tables have a line for each, and the broker's number is the broker's."""
    assert set(re.findall(r"^\| `(\w+)`", PAGE, re.MULTILINE)) >= profiles.FIELDS
    assert f"after {BROKER.max_delivery_count} deliveries" in PAGE
