"""What docs/hr-sources.md and docs/resets.md show of profiles is what the app does."""

import json
import re
from pathlib import Path

import pytest

from shared.settings import Settings
from tests.docs.source_page import DOCS, HR, ROOT, TICKETS, SourcePage
from tests.unit.test_settings import COMPLETE

PAGES = (HR, TICKETS)
each_page = pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)


@pytest.mark.parametrize(
    ("page", "profile"),
    [pytest.param(page, one, id=one.stem) for page in PAGES for one in page.profiles],
)
def test_every_example_stands_on_the_page_and_is_a_good_setting(
    page: SourcePage, profile: Path
) -> None:
    """What is shipped is shown word for word, and an app starts with it, on one line too."""
    text = profile.read_text(encoding="utf-8")
    assert f"```json\n{text}```" in page.text
    setting = json.dumps(json.loads(text), separators=(",", ":"))
    secrets = {f"{page.prefix}_SECRET_EXAMPLE_1": "a-secret-that-is-long-enough"}
    source = {f"{page.prefix}_SOURCE_EXAMPLE": setting}
    assert "example" in page.names(Settings.from_environment(COMPLETE | secrets | source))


@pytest.mark.parametrize(
    ("page", "arguments", "printed"),
    [
        pytest.param(page, arguments, printed, id=" ".join(arguments))
        for page in PAGES
        for arguments, printed in page.runs
    ],
)
def test_every_run_prints_what_the_page_shows(
    page: SourcePage,
    arguments: list[str],
    printed: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Each command of a page, run from the folder of the project, says the same."""
    monkeypatch.chdir(ROOT)
    code = page.main(arguments)
    assert capsys.readouterr().out == printed
    assert code == int(printed.startswith("refused"))


@each_page
def test_every_body_is_run(page: SourcePage) -> None:
    """No sample is shipped that nobody tries."""
    assert {arguments[1] for arguments, _ in page.runs} == page.bodies
    assert page.bodies


@each_page
def test_every_link_leads_somewhere(page: SourcePage) -> None:
    """Files that a page points to are there."""
    links = re.findall(r"\]\((?!http)([^)#]+)", page.text)
    assert [link for link in links if not (DOCS / link).exists()] == []
