"""HR sources are data: a profile `HR_SOURCE_<NAME>` and secrets `HR_SECRET_<NAME>_1` and `_2`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from shared.application.ports.sources import SchemeName
from shared.domain.cases import PEOPLE
from shared.domain.ids import SourceName
from shared.settings.profiles import Profile, profile_from
from shared.settings.secrets import weakness

PROFILE: Final = "HR_SOURCE_"
_LABEL: Final = re.compile("[A-Z0-9]+(_[A-Z0-9]+)*")
_SECRET: Final = "HR_SECRET_"  # noqa: S105  (the beginning of a setting's name)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """An HR source with its signing secrets.

    Attributes:
        profile: what it is.
        secrets: its secrets by their number, `1` or `2`.
    """

    profile: Profile
    secrets: Mapping[str, str] = field(repr=False)


def sources_from(
    environment: Mapping[str, str], problems: list[str], *, with_secrets: bool
) -> dict[SourceName, SourceSettings]:
    """The sources by their name in the webhook's address: small letters, `-` for `_`.

    Args:
        environment: where the settings stand.
        problems: what is wrong goes here.
        with_secrets: whether this app takes in events; the others need the names alone.
    """
    sources: dict[SourceName, SourceSettings] = {}
    for name in sorted(environment):
        if not name.startswith(PROFILE):
            continue
        label = name.removeprefix(PROFILE)
        if not _LABEL.fullmatch(label):
            problems.append(f"{name} is wrong: its name may hold A to Z, 0 to 9 and _")
            continue
        if _name(label) == PEOPLE:
            problems.append(f"{name} is wrong: cases that people ask for bear that name")
            continue
        source = _source(label, environment, problems, with_secrets=with_secrets)
        if source is not None:
            sources[_name(label)] = source
    secrets = [secret for source in sources.values() for secret in source.secrets.values()]
    if len(set(secrets)) < len(secrets):
        problems.append("two HR secrets are the same; each source needs its own")
    return sources


def _name(label: str) -> SourceName:
    return SourceName(label.lower().replace("_", "-"))


def _source(
    label: str, environment: Mapping[str, str], problems: list[str], *, with_secrets: bool
) -> SourceSettings | None:
    found: list[str] = []
    profile = profile_from(environment[PROFILE + label], found)
    problems += [f"{PROFILE}{label} is wrong: {problem}" for problem in found]
    if profile is None:
        return None
    needed = with_secrets and profile.scheme is not SchemeName.ENTRA_PRINCIPAL
    secrets = _secrets(label, profile.scheme, environment, problems) if needed else {}
    return SourceSettings(profile=profile, secrets=secrets)


def _secrets(
    label: str, scheme: SchemeName, environment: Mapping[str, str], problems: list[str]
) -> dict[str, str]:
    secrets: dict[str, str] = {}
    for number in ("1", "2"):
        name = f"{_SECRET}{label}_{number}"
        secret = environment.get(name, "").strip()
        if not secret:
            continue
        weak = weakness(secret, scheme)
        if weak is None:
            secrets[number] = secret
        else:
            problems.append(f"{name} is wrong: it {weak}")
    if not secrets:
        problems.append(f"{_SECRET}{label}_1 is missing")
    return secrets
