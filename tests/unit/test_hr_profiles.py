"""A profile is checked as a whole at the start, and all that is wrong with it is named."""

import json

import pytest

from shared.application.ports.sources import SchemeName
from shared.domain.errors.control import SettingsInvalid
from shared.domain.ids import SourceName
from shared.settings import Settings
from shared.settings.hr_profiles import hr_profile_from
from shared.settings.secrets import weakness
from tests.unit.test_settings import COMPLETE

MAPPING = {"type": "kind", "employeeId": "staff"}


def problems_of(profile: object) -> list[str]:
    """What is wrong with a profile."""
    problems: list[str] = []
    assert (hr_profile_from(json.dumps(profile), problems) is None) == bool(problems)
    return problems


def test_the_shortest_profile_takes_canonical_joiners() -> None:
    """What is left out has its default."""
    profile = hr_profile_from("{}", [])
    assert profile is not None
    assert profile.scheme is SchemeName.STANDARD_WEBHOOKS
    assert (profile.daily_volume, profile.callers) == (None, frozenset())
    assert profile.reader.mapping is None
    assert profile.reader.domains == frozenset()


@pytest.mark.parametrize(
    ("profile", "told"),
    [
        ([], "Expected `object`, got `array`"),
        ({"colour": 1}, "colour is no field of a profile"),
        ({"robin@contoso.example": 1}, "? is no field of a profile"),
        ({"scheme": "none"}, "scheme: Invalid enum value"),
        ({"types": []}, "types: names no type"),
        ({"types": ["manager"]}, "types: Invalid enum value - at `$[0]`"),
        ({"timeZone": "Mars/Olympus"}, "timeZone: is not the name of a time zone"),
        ({"timeZone": "Europe"}, "timeZone: is not the name of a time zone"),
        ({"timeZone": "../etc"}, "timeZone: is not the name of a time zone"),
        ({"domains": ["@contoso.example"]}, "domains: Expected `str` matching regex"),
        ({"domains": "contoso.example"}, "domains: Expected `array`, got `str`"),
        ({"dailyVolume": 0}, "dailyVolume: Expected `int` >= 1"),
        ({"dailyVolume": "many"}, "dailyVolume: Expected `int`, got `str`"),
        (
            {"scheme": "entra-principal", "callers": ["robin"]},
            "callers: holds something that is no object id",
        ),
        ({"scheme": "entra-principal"}, "callers: the scheme entra-principal needs who may call"),
        (
            {"callers": ["5f0c2a5e-0a55-4a52-9d57-2c5f0f2f7c01"]},
            "callers: the scheme standard-webhooks does not look at them",
        ),
        ({"mapping": []}, "mapping: Expected `object`, got `array`"),
        ({"mapping": {"employeeId": "a"}}, "mapping.type: is missing"),
        ({"mapping": {"type": "a"}}, "mapping.userPrincipalName: is missing"),
        ({"mapping": MAPPING | {"manager": "a"}}, "mapping.manager is no field of a profile"),
        ({"mapping": MAPPING | {"id": "a["}}, "mapping.id.path: is no JMESPath expression"),
        ({"mapping": MAPPING | {"id": ""}}, "mapping.id.path: is no JMESPath expression"),
        ({"mapping": MAPPING | {"id": "upper(a)"}}, "mapping.id.path: calls a function that"),
        ({"mapping": MAPPING | {"id": "a[?abs()]"}}, "mapping.id.path: calls a function with too"),
        ({"mapping": MAPPING | {"id": "abs(a, b)"}}, "mapping.id.path: calls a function with too"),
        ({"mapping": MAPPING | {"id": 7}}, "mapping.id: Expected `object`, got `int`"),
        ({"mapping": MAPPING | {"when": ["a"]}}, "mapping.when: Expected `str | null`"),
        ({"mapping": MAPPING | {"records": "a b"}}, "mapping.records: is no JMESPath expression"),
        (
            {"mapping": MAPPING | {"startDate": {"path": "a", "format": "%B"}}},
            "mapping.startDate.format: holds a placeholder",
        ),
        (
            {"mapping": MAPPING | {"startDate": {"path": "a", "day": "end"}}},
            "mapping.startDate.day is no field of a profile",
        ),
        (
            {"mapping": MAPPING | {"effectiveAt": {"path": "a", "day": "noon"}}},
            "mapping.effectiveAt.day: Invalid enum value",
        ),
        (
            {"mapping": MAPPING | {"type": {"path": "a", "values": {"x": "boss"}}}},
            "mapping.type.values: Invalid enum value",
        ),
        (
            {"mapping": MAPPING | {"type": {"path": "a", "values": {"x": "leaver"}}}},
            "mapping.type.values: names a type that types leaves out",
        ),
        ({"mapping": MAPPING | {"contact": {"fax": "a"}}}, "mapping.contact.fax is no field"),
        ({"mapping": MAPPING | {"contact": {"email": "("}}}, "mapping.contact.email.path: is no"),
    ],
)
def test_what_is_wrong_is_named(profile: object, told: str) -> None:
    """The operator learns the field and why, before any event comes."""
    (problem,) = problems_of(profile)
    assert problem.startswith(told)


def test_everything_wrong_is_named_at_once() -> None:
    """An operator mends all of a profile in one go."""
    profile = {
        "scheme": "none",
        "timeZone": "Mars/Olympus",
        "dailyVolume": -1,
        "mapping": {"type": "(", "id": "[", "startDate": {"path": "nope(a)", "format": "%B"}},
    }
    fields = [problem.partition(":")[0] for problem in problems_of(profile)]
    assert fields == [
        "scheme",
        "timeZone",
        "mapping.type.path",
        "mapping.id.path",
        "mapping.startDate.path",
        "mapping.startDate.format",
        "mapping.userPrincipalName",
        "dailyVolume",
    ]
    with pytest.raises(SettingsInvalid) as refusal:
        Settings.from_environment({**COMPLETE, "HR_SOURCE_DEMO": json.dumps(profile)})
    assert refusal.value.detail.count("HR_SOURCE_DEMO is wrong: ") == len(fields)


@pytest.mark.parametrize("expression", ["a[0:2]", "a[*].b | [0]", "sort_by(a, &b)[-1]", "`{}`"])
def test_every_kind_of_expression_is_taken(expression: str) -> None:
    """Slices, projections, pipes, literals and references to expressions pass the check."""
    assert problems_of({"mapping": MAPPING | {"id": expression}}) == []


@pytest.mark.parametrize("scheme", [name for name in SchemeName if "standard" not in name])
@pytest.mark.parametrize(
    ("secret", "weak"),
    [
        ("0123456789abcdef", False),
        ("It's a Secret to Everybody", False),
        ("0123456789abcde", True),
        ("0123456789abcdef\u0007", True),
        ("@Microsoft.KeyVault(SecretUri=https://kv.vault.example/secrets/hr-demo-1)", True),
        ("dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ==", True),
    ],
)
def test_a_secret_that_others_can_guess_is_refused(
    scheme: SchemeName, secret: str, *, weak: bool
) -> None:
    """Short ones, the vendor's published one, and the text of an unresolved reference."""
    assert (weakness(secret, scheme) is not None) == weak


def test_a_secret_is_checked_by_its_sources_scheme() -> None:
    """What is a good key for one scheme is none for another."""
    given = {**COMPLETE, "HR_SOURCE_BOB": '{"scheme":"hibob"}', "HR_SECRET_BOB_1": "a" * 20}
    settings = Settings.from_environment(given)
    assert settings.sources[SourceName("bob")].secrets == {"1": "a" * 20}
    with pytest.raises(SettingsInvalid, match="HR_SECRET_BOB_1 is wrong"):
        Settings.from_environment({**given, "HR_SOURCE_BOB": "{}"})


def test_a_source_without_signatures_needs_no_secret() -> None:
    """A caller with a token of Entra ID has none, and an idle one would be a lie."""
    profile = {"scheme": "entra-principal", "callers": ["5F0C2A5E-0A55-4A52-9D57-2C5F0F2F7C01"]}
    settings = Settings.from_environment({**COMPLETE, "HR_SOURCE_LCW": json.dumps(profile)})
    source = settings.sources[SourceName("lcw")]
    assert source.secrets == {}
    assert source.profile.callers == {"5f0c2a5e-0a55-4a52-9d57-2c5f0f2f7c01"}
