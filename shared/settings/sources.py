"""HR sources are data: a profile `HR_SOURCE_<NAME>` and secrets `HR_SECRET_<NAME>_1` and `_2`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from shared.contracts.hr_events import HrEventType
from shared.contracts.mistakes import mistake
from shared.domain.contacts import ContactKind
from shared.domain.ids import SourceName
from shared.settings.secrets import weakness

_PROFILE: Final = "HR_SOURCE_"
_LABEL: Final = re.compile("[A-Z0-9]+(_[A-Z0-9]+)*")
_SECRET: Final = "HR_SECRET_"  # noqa: S105  (the beginning of a setting's name)


class HrProfile(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="camel"):
    """An HR source, as its setting describes it.

    Attributes:
        scheme: how it signs.
        types: the events that it may send; joiners are all that is worked on so far.
        time_zone: the time zone of its calendar days, by its IANA name.
        preparation: what contact data of its joiners is registered for them.
    """

    scheme: Literal["standard-webhooks"] = "standard-webhooks"
    types: frozenset[Literal["joiner"]] = frozenset({"joiner"})
    time_zone: str = "UTC"
    preparation: frozenset[ContactKind] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings:
    """An HR source with its signing secrets.

    Attributes:
        types: the events that it may send.
        zone: the time zone of its calendar days.
        preparation: what contact data of its joiners is registered for them.
        secrets: its secrets by their number, `1` or `2`.
    """

    types: frozenset[HrEventType]
    zone: ZoneInfo
    preparation: frozenset[ContactKind]
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
        if not name.startswith(_PROFILE):
            continue
        label = name.removeprefix(_PROFILE)
        if not _LABEL.fullmatch(label):
            problems.append(f"{name} is wrong: its name may hold A to Z, 0 to 9 and _")
            continue
        source = _source(label, environment, problems, with_secrets=with_secrets)
        if source is not None:
            sources[SourceName(label.lower().replace("_", "-"))] = source
    secrets = [secret for source in sources.values() for secret in source.secrets.values()]
    if len(set(secrets)) < len(secrets):
        problems.append("two HR secrets are the same; each source needs its own")
    return sources


def _source(
    label: str, environment: Mapping[str, str], problems: list[str], *, with_secrets: bool
) -> SourceSettings | None:
    try:
        profile = msgspec.json.decode(environment[_PROFILE + label], type=HrProfile)
        zone = ZoneInfo(profile.time_zone)
    except msgspec.DecodeError as error:
        problems.append(f"{_PROFILE}{label} is wrong: {mistake(error)}")
        return None
    except (ZoneInfoNotFoundError, ValueError):
        problems.append(f"{_PROFILE}{label} is wrong: timeZone is not the name of a time zone")
        return None
    secrets = _secrets(label, environment, problems) if with_secrets else {}
    types = frozenset(HrEventType(name) for name in profile.types)
    return SourceSettings(types=types, zone=zone, preparation=profile.preparation, secrets=secrets)


def _secrets(label: str, environment: Mapping[str, str], problems: list[str]) -> dict[str, str]:
    secrets: dict[str, str] = {}
    for number in ("1", "2"):
        name = f"{_SECRET}{label}_{number}"
        secret = environment.get(name, "").strip()
        if not secret:
            continue
        weak = weakness(secret)
        if weak is None:
            secrets[number] = secret
        else:
            problems.append(f"{name} is wrong: it {weak}")
    if not secrets:
        problems.append(f"{_SECRET}{label}_1 is missing")
    return secrets
