"""Sources are data: a profile `<KIND>_SOURCE_<NAME>`, secrets `<KIND>_SECRET_<NAME>_1` and `_2`."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final, Generic

from shared.application.ports.sources import SchemeName
from shared.contracts.hr_reading import EventReader
from shared.contracts.ticket_reading import TicketReader
from shared.domain.cases import PEOPLE, QUEUE
from shared.domain.ids import SourceName
from shared.settings.hr_profiles import hr_profile_from
from shared.settings.profiles import Profile, Reader
from shared.settings.secrets import signing_secrets
from shared.settings.ticket_profiles import ticket_profile_from

_LABEL: Final = re.compile("[A-Z0-9]+(_[A-Z0-9]+)*")
_RESERVED: Final = {
    PEOPLE: "cases that people ask for bear that name",
    QUEUE: "tickets that come on the queue bear that name",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceKind(Generic[Reader]):
    """What a kind of source is called in settings, and how its profiles are read.

    Attributes:
        kind: the beginning of the names of its settings.
        read: makes a profile of a text; all that is wrong goes to the list.
    """

    kind: str
    read: Callable[[str, list[str]], Profile[Reader] | None]

    @property
    def profile(self) -> str:
        """The beginning of the name of a setting with a profile."""
        return f"{self.kind}_SOURCE_"

    @property
    def secret(self) -> str:
        """The beginning of the name of a setting with a secret."""
        return f"{self.kind}_SECRET_"


HR: Final[SourceKind[EventReader]] = SourceKind(kind="HR", read=hr_profile_from)
TICKETS: Final[SourceKind[TicketReader]] = SourceKind(kind="RESET", read=ticket_profile_from)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceSettings(Generic[Reader]):
    """A source with its signing secrets.

    Attributes:
        profile: what it is.
        secrets: its secrets by their number, `1` or `2`.
    """

    profile: Profile[Reader]
    secrets: Mapping[str, str] = field(repr=False)


def sources_from(
    kind: SourceKind[Reader],
    environment: Mapping[str, str],
    problems: list[str],
    *,
    with_secrets: bool,
) -> dict[SourceName, SourceSettings[Reader]]:
    """The sources of a kind by their name in the webhook's address: small letters, `-` for `_`.

    Args:
        kind: which.
        environment: where the settings stand.
        problems: what is wrong goes here.
        with_secrets: whether this app takes in webhooks; the others need the names alone.
    """
    sources: dict[SourceName, SourceSettings[Reader]] = {}
    for name in sorted(environment):
        if not name.startswith(kind.profile):
            continue
        label = name.removeprefix(kind.profile)
        if not _LABEL.fullmatch(label):
            problems.append(f"{name} is wrong: its name may hold A to Z, 0 to 9 and _")
            continue
        if _name(label) in _RESERVED:
            problems.append(f"{name} is wrong: {_RESERVED[_name(label)]}")
            continue
        source = _source(kind, label, environment, problems, with_secrets=with_secrets)
        if source is not None:
            sources[_name(label)] = source
    return sources


def conflicts(*found: Mapping[str, str], names: Iterable[Iterable[SourceName]]) -> Iterable[str]:
    """What is wrong with all sources together.

    Args:
        found: the secrets of each.
        names: the names of each kind of source. A source is counted and suspended by its name
            alone.
    """
    secrets = [secret for one in found for secret in one.values()]
    if len(set(secrets)) < len(secrets):
        yield "two secrets are the same; each source needs its own"
    all_names = [name for kind in names for name in kind]
    for name in sorted({name for name in all_names if all_names.count(name) > 1}):
        yield f"the source {name} is one of HR and one of tickets; each needs a name of its own"


def _name(label: str) -> SourceName:
    return SourceName(label.lower().replace("_", "-"))


def _source(
    kind: SourceKind[Reader],
    label: str,
    environment: Mapping[str, str],
    problems: list[str],
    *,
    with_secrets: bool,
) -> SourceSettings[Reader] | None:
    found: list[str] = []
    profile = kind.read(environment[kind.profile + label], found)
    problems += [f"{kind.profile}{label} is wrong: {problem}" for problem in found]
    if profile is None:
        return None
    secrets: dict[str, str] = {}
    if with_secrets and profile.scheme is not SchemeName.ENTRA_PRINCIPAL:
        secrets = signing_secrets(kind.secret + label, profile.scheme, environment, problems)
        if not secrets:
            problems.append(f"{kind.secret}{label}_1 is missing")
    return SourceSettings(profile=profile, secrets=secrets)
