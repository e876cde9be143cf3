"""Every way in which work can fail, and what becomes of the message that asked for it.

`docs/errors.md` is generated from this tree.
"""

from datetime import timedelta
from enum import StrEnum
from typing import ClassVar


class Disposition(StrEnum):
    """What happens to the message whose work failed."""

    REDELIVER = "redeliver"
    """Raise: the broker delivers it again, and dead-letters it in the end."""
    DEFER = "defer"
    """Send a scheduled copy of it and settle this one."""
    PARK = "park"
    """Keep it for a human, with the reason."""
    REFUSE = "refuse"
    """Say no for good, on the record."""


class LifecycleError(Exception):
    """A failure that the system knows how to treat.

    Attributes:
        code: the reason, as it stands in cases, events and problem documents.
        disposition: what becomes of the message.
        uses_attempt: whether a DEFER counts against the bounded number of attempts.
        remedy: what the operator can do next.
    """

    code: ClassVar[str]
    disposition: ClassVar[Disposition]
    uses_attempt: ClassVar[bool] = True
    remedy: ClassVar[str]

    def __init__(self, detail: str, *, retry_after: timedelta | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.retry_after = retry_after
        """How long the other side asked us to wait, where it said so."""
