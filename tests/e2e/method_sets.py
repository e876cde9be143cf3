"""What a reset has to come to, said once more in plain tables: written without the app's own.

A person's set is given by words: the control side's kinds, and where a passkey is kept.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import combinations
from random import Random
from typing import Any, Final

ALWAYS: Final = frozenset({"lost", "stolen", "compromised"})
NOT_LOST: Final = frozenset({"stolen", "compromised"})
COMPROMISED: Final = frozenset({"compromised"})
GOES: Final = {
    "microsoftAuthenticator": ALWAYS,
    "softwareOath": ALWAYS,
    "hardwareOath": COMPROMISED,
    "fido2 authenticator": ALWAYS,
    "fido2 authenticatorOnIphone": ALWAYS,
    "fido2 securityKey": COMPROMISED,
    "fido2 synced": COMPROMISED,
    "fido2 unknown": COMPROMISED,
    "windowsHelloForBusiness": COMPROMISED,
    "platformCredential": COMPROMISED,
    "mobile": ALWAYS,
    "alternateMobile": ALWAYS,
    "office": COMPROMISED,
    "email": NOT_LOST,
    "external": COMPROMISED,
    "qrCodePin": COMPROMISED,
    "temporaryAccessPass": ALWAYS,
}
"""For which reasons each goes."""
PREFERENCES: Final = {
    "microsoftAuthenticator": "push",
    "softwareOath": "oath",
    "hardwareOath": "oath",
    "mobile": "sms",
    "alternateMobile": "voiceAlternateMobile",
    "office": "voiceOffice",
}
"""What Graph calls each where it is the default; others can't be it."""
MORE: Final = 2
"""How many requests there may be beside the necessary ones."""
RANDOM_SETS: Final = 200
_LARGEST: Final = 9


@dataclass(frozen=True, kw_only=True)
class MethodSet:
    """What somebody has, and why it is reset.

    Attributes:
        held: the methods, in the order in which they were registered.
        default: which of them is the default; None where none of them can be.
    """

    reason: str
    held: tuple[str, ...]
    default: str | None

    @property
    def going(self) -> frozenset[str]:
        """What is in scope."""
        return frozenset(one for one in self.held if self.reason in GOES[one])

    @property
    def staying(self) -> frozenset[str]:
        """What is not."""
        return frozenset(self.held) - self.going

    def necessary(self) -> Counter[str]:
        """The requests that it takes to contain the person, by name."""
        first = self.reason in NOT_LOST
        return +Counter(
            {
                "find": 1,
                "revoke": 1 + first,
                "read sessions": 1 + first,
                "block": self.reason in COMPROMISED,
                "read sign-in": 2 * (self.reason in COMPROMISED),
                "list": 2 if self.going else 1,
                "delete": len(self.going),
                "prefer": self._takes_another_default(),
            }
        )

    def _takes_another_default(self) -> bool:
        """Graph deletes a default only as the last method that can be it, or as one of two alike.

        Whoever chose their alternate mobile has a mobile that can't go before it.
        """
        if self.default not in self.going:
            return False
        stays = {PREFERENCES[one] for one in self.staying if one in PREFERENCES}
        if stays:
            return PREFERENCES[self.default or ""] not in stays
        return self.default == "alternateMobile"


def name_of(request: dict[str, Any]) -> str:
    """What a request to Graph about a person is for."""
    method, route, query = request["method"], request["route"], request["query"]
    match method, route.partition("/users/{user}")[2]:
        case "GET", "" if "signInSessions" in query and "userType" not in query:
            return "read sessions"
        case "GET", "" if "lastPasswordChange" in query:
            return "read sign-in"
        case "GET", "":
            return "find"
        case "PATCH", "":
            return "block"
        case "POST", "/revokeSignInSessions":
            return "revoke"
        case "GET", "/authentication/methods":
            return "list"
        case "PATCH", "/authentication/signInPreferences":
            return "prefer"
        case "DELETE", _:
            return "delete"
        case _:
            return f"{method} {route}"


def until_contained(names: Iterable[str]) -> Counter[str]:
    """The requests up to where the last revocation was read back."""
    told = list(names)
    last = max((at for at, name in enumerate(told) if name == "revoke"), default=0)
    read_back = told.index("read sessions", last) if "read sessions" in told[last:] else len(told)
    return Counter(told[: read_back + 1])


def alone() -> Iterator[MethodSet]:
    """Every method alone; an alternate mobile can't be, so it comes with its mobile."""
    yield from (_a_set(reason, (one,), 0) for one in GOES for reason in sorted(ALWAYS))


def pairs() -> Iterator[MethodSet]:
    """Every pair, for one reason after the other; now one of them is the default, now the other."""
    for turn, pair in enumerate(combinations(GOES, 2)):
        yield _a_set(sorted(ALWAYS)[turn % 3], pair, turn)


def at_random(seed: int) -> Iterator[MethodSet]:
    """Sets of any size, in any order of registration, with any default."""
    chance = Random(seed)  # noqa: S311  (what people have is no secret)
    for _ in range(RANDOM_SETS):
        held = chance.sample(sorted(GOES), chance.randint(0, _LARGEST))
        yield _a_set(chance.choice(sorted(ALWAYS)), tuple(held), chance.randrange(len(PREFERENCES)))


def stubborn() -> Iterator[MethodSet]:
    """What Graph keeps in more than one way at once."""
    phones = ("mobile", "alternateMobile")
    for others in ((), ("office",), ("microsoftAuthenticator",), ("softwareOath", "hardwareOath")):
        for reason in sorted(ALWAYS):
            for default in phones:
                yield MethodSet(reason=reason, held=(*phones, *others), default=default)


def _a_set(reason: str, held: tuple[str, ...], turn: int) -> MethodSet:
    if "alternateMobile" in held:
        others = (one for one in held if one not in {"mobile", "alternateMobile"})
        held = ("mobile", "alternateMobile", *others)
    can_be = [one for one in held if one in PREFERENCES]
    return MethodSet(
        reason=reason, held=held, default=can_be[turn % len(can_be)] if can_be else None
    )
