"""How keys are made: legal in Azure, sortable, and spread over buckets."""

import re
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Final

from shared.domain.ids import CaseId

BUCKETS: Final = tuple(f"{number:02d}" for number in range(16))
"""A table that every case writes to is spread over these, so that no single partition is hot."""

_PLAIN: Final = re.compile(r"[A-Za-z0-9._@-]")
_LATEST: Final = datetime.max.replace(tzinfo=UTC)
_MICROSECOND: Final = timedelta(microseconds=1)


def bucket_of(case_id: CaseId) -> str:
    """The bucket of a case; the same in every process, for ever."""
    return BUCKETS[sha256(case_id.encode()).digest()[0] % len(BUCKETS)]


def hashed(text: str) -> str:
    """A key that tells nothing about the text."""
    return sha256(text.encode()).hexdigest()


def escaped(text: str) -> str:
    """A legal key for any text; different texts have different keys.

    Sign-in names of guests hold `#`, which keys can't.
    """
    return "".join(
        character
        if _PLAIN.match(character)
        else "".join(f"={octet:02X}" for octet in character.encode())
        for character in text
    )


def ascending(moment: datetime) -> str:
    """A key part that sorts the earliest moment first, to the microsecond."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def moment_of(key: str) -> datetime:
    """The moment with which a key begins that sorts by it."""
    return datetime.fromisoformat(key.partition("_")[0])


def descending(moment: datetime) -> str:
    """A key part that sorts the latest moment first, to the microsecond."""
    return f"{(_LATEST - moment) // _MICROSECOND:018d}"
