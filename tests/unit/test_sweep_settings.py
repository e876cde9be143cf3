"""The settings of the sweep: a schedule that only its own app minds, and what it may do."""

import pytest

from shared.domain.errors.control import SettingsInvalid
from shared.domain.sweep.mending import Mend
from shared.names import EVERY_NIGHT, App
from shared.settings import Settings
from tests.unit.test_settings import COMPLETE


def settings(app: App = App.SWEEP, **given: str) -> Settings:
    """The settings of an app that has everything else."""
    return Settings.from_environment({**COMPLETE, "MFA_APP": app.value, **given})


def test_the_sweep_needs_a_schedule() -> None:
    """Without it the host can't start the timer, and nobody would notice: it is named."""
    assert settings(SWEEP_SCHEDULE=EVERY_NIGHT).sweep_schedule == EVERY_NIGHT
    with pytest.raises(SettingsInvalid, match="SWEEP_SCHEDULE is missing"):
        settings()


def test_a_schedule_has_seconds() -> None:
    """Five fields are of another language, in which they mean other times."""
    with pytest.raises(SettingsInvalid, match="SWEEP_SCHEDULE is wrong"):
        settings(SWEEP_SCHEDULE="0 2 * * *")


@pytest.mark.parametrize("app", sorted(set(App) - {App.SWEEP}))
@pytest.mark.parametrize("schedule", ["", "often"])
def test_a_schedule_hinders_no_other_app(app: App, schedule: str) -> None:
    """Joiners are taken in, whatever the time of the sweep."""
    assert settings(app, SWEEP_SCHEDULE=schedule).app is app


@pytest.mark.parametrize(("told", "expected"), [("", None), ("none", False), ("Some", True)])
def test_what_no_api_tells_is_attested_or_not(told: str, expected: bool | None) -> None:  # noqa: FBT001  (a value of the table)
    """Whether somebody said that there are none is kept apart from nobody's having said."""
    found = settings(App.OPERATORS, MFA_TRUSTED_IPS=told, MFA_STAGED_ROLLOUT=told)
    assert found.trusted_ips is found.staged_rollout is expected


@pytest.mark.parametrize(
    ("told", "expected"),
    [("", frozenset(Mend)), ("none", frozenset()), ("promote", frozenset({Mend.PROMOTE}))],
)
def test_each_kind_of_mending_can_be_left_out(told: str, expected: frozenset[Mend]) -> None:
    """All are on by default; the mode of onboarding decides what is changed."""
    assert settings(App.OPERATORS, MFA_SWEEP_MEND=told).sweep_mend == expected


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MFA_TRUSTED_IPS", "perhaps"),
        ("MFA_STAGED_ROLLOUT", "perhaps"),
        ("MFA_SWEEP_MEND", "none,promote"),
        ("MFA_SWEEP_MEND", "everything"),
        ("MFA_SWEEP_MEND_SHARE", "2"),
        ("MFA_SWEEP_LIVE_MOST", "0"),
        ("MFA_RUN_DAYS", "0"),
    ],
)
def test_what_makes_no_sense_is_refused(name: str, value: str) -> None:
    """A wrong value is named, and never taken for the default."""
    with pytest.raises(SettingsInvalid, match=name):
        settings(App.OPERATORS, **{name: value})
