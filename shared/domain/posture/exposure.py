"""Whether somebody can get in with an app password of a person, past MFA.

It stands beside the verdict and is no part of it: an app password is a door of its own.
"""

from enum import StrEnum
from typing import Final

from shared.domain.alive import Alive, Shown
from shared.domain.posture.judging import Door


class Exposure(StrEnum):
    """Whether app passwords of a person are a way in."""

    NONE = "none"
    """A policy or security defaults let none of them in, or none is left."""
    EXPOSED = "exposed"
    """Nothing shuts the door, and some are alive, or nobody can tell that none is."""
    UNKNOWN = "unknown"
    """Some may be alive, and nobody can tell whether the door is shut."""


def exposure_of(door: Door, shown: Shown) -> Exposure:
    """Whether app passwords of a person are a way in: what is not known may be alive."""
    if door is Door.BLOCKED or shown is Shown.NONE:
        return Exposure.NONE
    return Exposure.EXPOSED if door is Door.OPEN else Exposure.UNKNOWN


def in_words(door: Door, alive: Alive) -> str:
    """The same in one sentence, for people."""
    if alive.shown is Shown.NONE:
        return "No app password is left, in all of the account's life to where the ledger ended."
    return f"{_alive(alive)}{_DOORS[door]}."


def count_in_words(alive: Alive) -> str:
    """How many are alive: `0`, `2`, `at least 2` or `unknown`."""
    if alive.shown is Shown.UNKNOWN:
        return "unknown"
    return str(alive.least) if alive.doubt is None else f"at least {alive.least}"


def _alive(alive: Alive) -> str:
    if alive.shown is Shown.UNKNOWN:
        why = (
            "" if alive.doubt is None else f" ({' '.join(alive.doubt.reason.split()).rstrip('.')})"
        )
        return f"Nobody can tell whether app passwords are alive{why}"
    told = count_in_words(alive)
    noun = "app password is" if alive.least == 1 else "app passwords are"
    return f"{told[:1].upper()}{told[1:]} {noun} alive"


_DOORS: Final = {
    Door.OPEN: ", and nothing keeps old clients from getting in with one, without MFA",
    Door.BLOCKED: ", but a policy or security defaults let none of them in",
    Door.UNKNOWN: ", and whether old clients get in with one, nobody can tell either",
}
