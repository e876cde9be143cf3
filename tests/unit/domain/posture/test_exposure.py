"""Whether app passwords are a way in: a door that is open, and something that may open it."""

import pytest

from shared.domain.alive import Alive
from shared.domain.authentication import Unknown
from shared.domain.posture.exposure import Exposure, count_in_words, exposure_of, in_words
from shared.domain.posture.judging import Door

GONE, ONE = Alive(0, None), Alive(1, None)
TWO = Alive(2, Unknown("The account is older."))
WHO_KNOWS = Alive(0, Unknown("The ledger was never\n kept."))
NOT_EXPOSED, EXPOSED, UNKNOWN = Exposure.NONE, Exposure.EXPOSED, Exposure.UNKNOWN


@pytest.mark.parametrize(
    ("door", "alive", "expected"),
    [
        # A door that is shut, or nothing that opens it: nobody is exposed.
        (Door.BLOCKED, ONE, NOT_EXPOSED),
        (Door.BLOCKED, TWO, NOT_EXPOSED),
        (Door.BLOCKED, WHO_KNOWS, NOT_EXPOSED),
        (Door.BLOCKED, GONE, NOT_EXPOSED),
        (Door.OPEN, GONE, NOT_EXPOSED),
        (Door.UNKNOWN, GONE, NOT_EXPOSED),
        # Nothing shuts it: who may have one is exposed until that is known.
        (Door.OPEN, ONE, EXPOSED),
        (Door.OPEN, TWO, EXPOSED),
        (Door.OPEN, WHO_KNOWS, EXPOSED),
        # Nobody can tell whether it is shut.
        (Door.UNKNOWN, ONE, UNKNOWN),
        (Door.UNKNOWN, TWO, UNKNOWN),
        (Door.UNKNOWN, WHO_KNOWS, UNKNOWN),
    ],
)
def test_exposure(door: Door, alive: Alive, expected: Exposure) -> None:
    """By the door and by what is alive, in every combination."""
    assert exposure_of(door, alive.shown) is expected


@pytest.mark.parametrize(
    ("door", "alive", "sentence"),
    [
        (
            Door.OPEN,
            GONE,
            "No app password is left, in all of the account's life to where the ledger ended.",
        ),
        (
            Door.OPEN,
            ONE,
            (
                "1 app password is alive, and nothing keeps old clients from getting in with one,"
                " without MFA."
            ),
        ),
        (
            Door.BLOCKED,
            TWO,
            (
                "At least 2 app passwords are alive, but a policy or security defaults let none of"
                " them in."
            ),
        ),
        (
            Door.UNKNOWN,
            WHO_KNOWS,
            (
                "Nobody can tell whether app passwords are alive (The ledger was never kept), and"
                " whether old clients get in with one, nobody can tell either."
            ),
        ),
    ],
)
def test_exposure_in_one_sentence(door: Door, alive: Alive, sentence: str) -> None:
    """What is alive, and whether it lets anybody in."""
    assert in_words(door, alive) == sentence


def test_a_count_is_never_more_than_is_known() -> None:
    """Unknown is no number."""
    told = [count_in_words(one) for one in (GONE, ONE, TWO, WHO_KNOWS)]
    assert told == ["0", "1", "at least 2", "unknown"]
