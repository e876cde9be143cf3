"""`./dev hr-check` tells what the app would say, and how to mend a profile."""

import json
from pathlib import Path

import pytest

from local.commands import hr_check

JOINER = '{"id":"1","type":"joiner","userPrincipalName":"robin@contoso.example"}'


def checked(folder: Path, profile: str, body: str, *options: str) -> int:
    """The exit code of the command for a profile and a body in files."""
    files = folder / "profile.json", folder / "body.json"
    for file, text in zip(files, (profile, body), strict=True):
        file.write_text(text, encoding="utf-8")
    return hr_check.main([*map(str, files), *options])


def test_a_body_of_ones_own_profile_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A profile in a file counts as well as a shipped one, and machines get one line of JSON."""
    assert checked(tmp_path, "{}", JOINER, "--json") == 0
    assert json.loads(capsys.readouterr().out) == {
        "outcome": "accepted",
        "events": [json.loads(JOINER)],
    }


def test_everything_wrong_with_a_profile_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The profile is mended before it becomes a setting."""
    profile = '{"scheme":"none","mapping":{"type":"[","employeeId":"a"}}'
    assert checked(tmp_path, profile, JOINER, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["outcome"] == "refused"
    assert [reason.split(":")[1] for reason in told["reasons"]] == [" scheme", " mapping.type.path"]


@pytest.mark.parametrize("body", ["{", '{"type":"joiner"}', '{"type":"leaver"}', "[]"])
def test_a_refused_body_is_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str
) -> None:
    """A script learns from the exit code that the app would say 400."""
    assert checked(tmp_path, "{}", body) == 1
    assert capsys.readouterr().out.startswith("refused: ")


def test_a_file_that_is_missing_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    """A misspelt name is a mistake in the command, and not a verdict."""
    with pytest.raises(SystemExit) as ended:
        hr_check.main(["no-such-profile", "no-such-body"])
    assert ended.value.code == 2
    assert "no-such-profile" in capsys.readouterr().err
