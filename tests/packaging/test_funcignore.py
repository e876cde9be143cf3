""".funcignore ships exactly what is deployed."""

import pytest

from tests.packaging.shipping import ignored, shipped, tracked

FILES = {"function_app.py", "host.json", "requirements.txt"}
FOLDERS = ("functions/", "shared/")


def test_exactly_the_deployed_files_ship() -> None:
    """Of the tracked files, the three by name and the two folders ship, all of them."""
    expected = {path for path in tracked() if path in FILES or path.startswith(FOLDERS)}
    assert set(shipped()) == expected
    assert set(shipped()) >= FILES


def test_what_a_report_is_made_from_ships() -> None:
    """Its template and its style are no code, and deployed all the same."""
    names = {path.rpartition("/")[2] for path in shipped() if path.startswith("shared/adapters/")}
    assert {"report.html.jinja", "style.css"} <= names


@pytest.mark.parametrize(
    "path",
    [
        ".env",
        ".git/config",
        ".local/stack.json",
        ".venv/lib/python3.13/site-packages/functions/x.py",
        "docs/functions/page.md",
        "infra/names.json",
        "local.settings.json",
        "local/shared/x.py",
        "mfa-lifecycle_env/bin/python",
        "requirements-dev.txt",
        "shared/__pycache__/names.cpython-313.pyc",
        "tests/host.json",
    ],
)
def test_what_lies_about_does_not_ship(path: str) -> None:
    """Settings, secrets, environments and caches stay behind, tracked or not."""
    assert ignored().match_file(path)


def test_negated_patterns_have_no_wildcard() -> None:
    """Azure Functions Core Tools lets through what begins with a negated pattern, whatever else.

    Its reading of the file is not git's: a `*` there would let through more than is meant.
    https://github.com/Azure/azure-functions-core-tools, GitIgnoreParser
    """
    negated = [pattern.pattern for pattern in ignored().patterns if pattern.include is False]
    assert sorted(map(str, negated)) == sorted(
        [*(f"!/{name}" for name in FILES), *(f"!/{name}" for name in FOLDERS)]
    )
