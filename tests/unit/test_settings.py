"""Settings are checked all together, and what is wrong is named without its value."""

import base64
import inspect

import pytest

from shared.domain.budgets.flows import Budget
from shared.domain.errors.control import SettingsInvalid
from shared.domain.ids import SourceName
from shared.settings import Settings, specifications

SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
COMPLETE = {
    "MFA_TENANT_ID": "3f0c9a52-8a39-4b4c-8d8d-0a8f6c1f2b11",
    "TABLES_ENDPOINT": "https://contoso.table.example",
    "ServiceBusConnection__fullyQualifiedNamespace": "contoso.servicebus.example",
    "HR_SOURCE_DEMO": '{"scheme":"standard-webhooks","timeZone":"Europe/Berlin"}',
    "HR_SECRET_DEMO_1": SECRET,
}


def test_complete_settings_are_taken() -> None:
    """What is not set has its default."""
    settings = Settings.from_environment(COMPLETE)
    assert settings.cloud == "global"
    assert settings.app is None
    assert len(settings.rules().read_back) == 5
    assert settings.sources[SourceName("demo")].profile.reader.zone.key == "Europe/Berlin"


def test_everything_missing_is_named_at_once() -> None:
    """An operator mends all of it in one go."""
    with pytest.raises(SettingsInvalid) as refusal:
        Settings.from_environment({"HR_SOURCE_DEMO": "{}"})
    for name in (
        "MFA_TENANT_ID",
        "TABLES_ENDPOINT",
        "ServiceBusConnection__fullyQualifiedNamespace",
        "HR_SECRET_DEMO_1",
    ):
        assert f"{name} is missing" in refusal.value.detail


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("MFA_GRACE_DAYS", "-1"),
        ("MFA_GRACE_DAYS", "nan"),
        ("MFA_GRACE_DAYS", "1e300"),
        ("MFA_ATTEMPTS", "zzz"),
        ("MFA_CLOUD", "zzz"),
        ("MFA_READ_BACK_SECONDS", "0,x"),
        ("MFA_APP", "zzz"),
        ("MFA_BREAK_GLASS_IDS", "breakglass@contoso.example"),
        ("MFA_BREAK_GLASS_IDS", "{7b4ae0a5-0f52-4d5a-9a3d-6f5a0d3c8f11}"),
        ("GRAPH_BASE_URL", "http://graph.example"),
        ("GRAPH_BASE_URL", "graph.microsoft.com"),
        ("HR_SOURCE_a-b", "{}"),
        ("HR_SOURCE_PEOPLE", "{}"),
        ("HR_SOURCE_DEMO", "{"),
        ("HR_SOURCE_DEMO", '{"scheme":"none"}'),
        ("HR_SOURCE_DEMO", '{"timeZone":"Mars/Olympus"}'),
        ("HR_SOURCE_DEMO", '{"unknown":1}'),
        ("HR_SECRET_DEMO_1", "plainsecret"),
        ("HR_SECRET_DEMO_1", "whsec_c2hvcnQ="),
        ("HR_SECRET_DEMO_2", "whsec_!!"),
    ],
)
def test_a_wrong_value_is_named_and_not_repeated(name: str, value: str) -> None:
    """A setting may hold a secret, so its value never stands in an error."""
    with pytest.raises(SettingsInvalid) as refusal:
        Settings.from_environment({**COMPLETE, name: value})
    assert name in refusal.value.detail
    assert value in {"{", "{}"} or value not in refusal.value.detail


def test_a_secret_belongs_to_one_source() -> None:
    """With the same secret one source could speak for the other."""
    with pytest.raises(SettingsInvalid) as refusal:
        Settings.from_environment(
            {**COMPLETE, "HR_SOURCE_OTHER": "{}", "HR_SECRET_OTHER_1": SECRET}
        )
    assert "each source needs its own" in refusal.value.detail


@pytest.mark.parametrize("app", ["operators", "lifecycle"])
def test_only_who_takes_in_events_needs_their_secrets(app: str) -> None:
    """The operators app knows the sources by name, and no secret."""
    without = {name: value for name, value in COMPLETE.items() if "SECRET" not in name}
    settings = Settings.from_environment({**without, "MFA_APP": app})
    assert settings.sources.keys() == {"demo"}
    with pytest.raises(SettingsInvalid):
        Settings.from_environment({**without, "MFA_APP": "intake"})


def test_secrets_never_show() -> None:
    """Neither the settings nor their sources print a secret or a connection string."""
    connection = "Endpoint=sb://127.0.0.1;SharedAccessKeyName=a;SharedAccessKey=b"
    shown = repr(Settings.from_environment({**COMPLETE, "ServiceBusConnection": connection}))
    assert SECRET not in shown
    assert connection not in shown


def test_every_setting_says_what_it_means() -> None:
    """The README's table is made from these sentences."""
    names = [specification.name for _, specification in specifications()]
    assert sorted(set(names)) == sorted(names)
    assert all(specification.meaning.endswith(".") for _, specification in specifications())


def test_no_setting_hides_another() -> None:
    """A field of the same name in a class further down would silently take its place."""
    declared = [name for part in Settings.__mro__ for name in inspect.get_annotations(part)]
    assert sorted(declared) == sorted(set(declared))


def test_the_budget_of_passes_is_no_collectors_limit() -> None:
    """One bounds what a source makes of passes, the other what one person collects."""
    settings = Settings.from_environment(
        {**COMPLETE, "MFA_BUDGET_PASS_PER_HOUR": "70", "MFA_PASSES_PER_HOUR": "7"}
    )
    assert settings.limits()[Budget.PASS].per_hour == 70
    assert settings.pass_rules().most_per_hour == 7
