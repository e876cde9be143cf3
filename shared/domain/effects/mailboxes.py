"""Shutting the old protocols of a mailbox. Nothing opens them again."""

from dataclasses import dataclass
from typing import ClassVar, Final

from shared.domain.authentication import Unknown
from shared.domain.facts import Fact, Facts
from shared.domain.mailboxes import Mailbox, NoMailbox
from shared.domain.people.rulings import Impact

_CLOSED: Final = "closed"


@dataclass(frozen=True, slots=True)
class CloseMailbox:
    """The mailbox takes no client any more that signs in with a name and an app password."""

    action: ClassVar = "close-mailbox"
    target: ClassVar = _CLOSED
    impact: ClassVar = Impact.CONTAIN
    proof: ClassVar = Fact.MAILBOX

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        match facts.mailbox:
            case Mailbox() as mailbox:
                return open_protocols(mailbox)
            case NoMailbox():
                return Unknown("Exchange Online does not show the mailbox any more.")
            case other:
                return other

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value == _CLOSED


def open_protocols(mailbox: Mailbox) -> str:
    """The old protocols that a mailbox takes, for audit entries."""
    return ", ".join(sorted(mailbox.open)) or _CLOSED
