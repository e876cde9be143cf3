"""`./dev hr-check` tells what the app would say, and how to mend a profile."""

import json
from pathlib import Path
from typing import Any

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


def told(capsys: pytest.CaptureFixture[str]) -> dict[str, Any]:
    """What the one event of a body would become."""
    (event,) = json.loads(capsys.readouterr().out)["events"]
    return dict(event)


LEAVER = '{"type":"leaver","userPrincipalName":"a@b.example","effectiveAt":"2018-05-01T00:00:00Z"}'


@pytest.mark.parametrize(
    ("body", "at", "field"),
    [
        (LEAVER, "2026-03-02", "effectiveAt"),
        (JOINER.replace("}", ',"startDate":"2026-09-09"}'), "2026-03-02T08:00:00Z", "startDate"),
        (JOINER.replace("}", ',"enforceBy":"2027-01-01T00:00:00Z"}'), "2026-03-02", "enforceBy"),
    ],
)
def test_what_the_app_would_park_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], body: str, at: str, field: str
) -> None:
    """A date that the app takes with 202 and believes nobody is told with its reason."""
    profile = '{"types":["joiner","leaver"]}'
    assert checked(tmp_path, profile, body, "--json", "--at", at) == 0
    assert told(capsys)["parked"].startswith(f"date-implausible: {field} lies more than")


def test_a_date_is_judged_by_the_day_on_which_it_comes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """What was plausible then is shown as it would have been taken then; without a day, today."""
    profile = '{"types":["leaver"]}'
    checked(tmp_path, profile, LEAVER, "--json", "--at", "2018-04-30T00:00:00Z")
    assert "parked" not in told(capsys)
    checked(tmp_path, profile, LEAVER, "--json")
    assert "parked" in told(capsys)


REACHED = JOINER.replace("}", ',"contact":{"mobile":"+12065550100","email":"a@b.example"}}')


@pytest.mark.parametrize(
    ("profile", "body", "kept"),
    [
        ("{}", REACHED, None),
        ('{"preparation":["mobile"]}', REACHED, {"mobile": "+1 2065550100"}),
        (
            '{"preparation":["mobile","email"]}',
            REACHED.replace("+12065550100", "2065550100"),
            {"mobile": "can't be used", "email": "a@b.example"},
        ),
        (
            '{"types":["rehire"],"preparation":["mobile"]}',
            REACHED.replace("joiner", "rehire"),
            None,
        ),
    ],
)
def test_only_contact_data_that_would_be_kept_is_shown(
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    profile: str,
    body: str,
    kept: dict[str, str] | None,
) -> None:
    """By the profile's `preparation`, in Graph's format; what can't be used is told."""
    assert checked(tmp_path, profile, body, "--json") == 0
    assert told(capsys).get("contact") == kept


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
