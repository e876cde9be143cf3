"""Kinds of sign-in, described by what Conditional Access looks at, without listing them all.

A kind is told by its traits: each has one value out of a few, and a trait that nothing has been
said of may have any. So the sign-ins of a tenant need not be enumerated to find one that no policy
covers.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final, NamedTuple

TARGET: Final = "target"
APPLICATION: Final = "application"
CLIENT: Final = "client"
PLATFORM: Final = "platform"
SIGN_IN_RISK: Final = "sign-in risk"
USER_RISK: Final = "user risk"
INSIDER_RISK: Final = "insider risk"
FLOW: Final = "authentication flow"
COUNTRY: Final = "country"
GPS_COUNTRY: Final = "country by GPS"

NONE: Final = "none"
OTHER: Final = "another"
"""A value that no policy names: any other application or country, a platform that nobody
recognises."""

AN_APPLICATION: Final = "application"
REGISTERING: Final = "urn:user:registersecurityinfo"
JOINING: Final = "urn:user:registerdevice"
A_CONTEXT: Final = "authentication context"
"""What one can sign in to: an application, or something that is done in one."""

MODERN_CLIENTS: Final = frozenset({"browser", "mobileappsanddesktopclients"})
LEGACY_CLIENTS: Final = frozenset({"exchangeactivesync", "other"})
PLATFORMS: Final = frozenset({"android", "ios", "windows", "windowsphone", "macos", "linux"})

YES: Final = frozenset({"yes"})
NO: Final = frozenset({"no"})

_VALUES: Final[Mapping[str, frozenset[str]]] = MappingProxyType(
    {
        TARGET: frozenset({AN_APPLICATION, REGISTERING, JOINING, A_CONTEXT}),
        CLIENT: MODERN_CLIENTS | LEGACY_CLIENTS,
        PLATFORM: PLATFORMS | {OTHER},
        SIGN_IN_RISK: frozenset({NONE, "low", "medium", "high"}),
        USER_RISK: frozenset({NONE, "low", "medium", "high"}),
        INSIDER_RISK: frozenset({NONE, "minor", "moderate", "elevated"}),
        FLOW: frozenset({NONE, "devicecodeflow", "authenticationtransfer"}),
    }
)
_EITHER: Final = YES | NO
NAMED: Final = frozenset({APPLICATION, COUNTRY, GPS_COUNTRY})
"""Properties that have the values that somebody names, and `OTHER`."""


class Trait(NamedTuple):
    """Something that a sign-in may be: of these applications, from this location.

    Attributes:
        name: which of its properties; one that is not among those above is true or not, such as
            `location <id>`.
        values: with one of which it is so.
        inverted: whether it is so with every other value instead.
    """

    name: str
    values: frozenset[str]
    inverted: bool = False

    @property
    def opposite(self) -> "Trait":
        """What a sign-in has that has not got it."""
        return self._replace(inverted=not self.inverted)

    def among(self, values: frozenset[str]) -> frozenset[str]:
        """Those of some values with which it is so."""
        return values - self.values if self.inverted else values & self.values


@dataclass(frozen=True, slots=True)
class Space:
    """What sign-ins there are.

    Attributes:
        named: the values of properties that are others in every tenant, such as the application;
            `OTHER` is one of them, for all that is not named.
        known: what is known of a sign-in with a certain value, such as to which suite an
            application belongs.
    """

    named: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)
    known: Mapping[Trait, tuple[Trait, ...]] = field(default_factory=dict, hash=False)

    def values(self, name: str) -> frozenset[str]:
        """All values that a property of a sign-in can have."""
        if name in NAMED:
            return self.named.get(name, frozenset({OTHER}))
        return values_of(name)


def values_of(name: str) -> frozenset[str]:
    """All values of a property that are the same in every tenant; most are just true or not."""
    return _VALUES.get(name, _EITHER)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of sign-in: every one that has these traits.

    Attributes:
        space: what sign-ins there are.
        said: the properties of which something is known; all others are open.
    """

    space: Space
    said: Mapping[str, frozenset[str]] = field(default_factory=dict, hash=False)

    def values(self, name: str) -> frozenset[str]:
        """What a property may still be."""
        return self.said.get(name) or self.space.values(name)

    def may_be(self, trait: Trait) -> bool:
        """Whether some of them have it."""
        return bool(trait.among(self.values(trait.name)))

    def that_is(self, trait: Trait) -> "Kind | None":
        """Those of them that have it; None where there are none."""
        return self._with(trait.name, trait.among(self.values(trait.name)))

    def that_is_none_of(self, traits: Iterable[Trait]) -> "Kind | None":
        """Those of them that have none of it; None where there are none."""
        left: Kind | None = self
        for trait in traits:
            left = left.that_is(trait.opposite) if left is not None else None
        return left

    def _with(self, name: str, values: frozenset[str]) -> "Kind | None":
        if not values:
            return None
        if values == self.values(name):
            return self
        left: Kind | None = Kind(self.space, {**self.said, name: values})
        for trait in self._following(name, values):
            left = left.that_is(trait) if left is not None else None
        return left

    def _following(self, name: str, values: frozenset[str]) -> Iterable[Trait]:
        """What else is true of a sign-in of which that is known."""
        if len(values) == 1:
            yield from self.space.known.get(Trait(name, values), ())
