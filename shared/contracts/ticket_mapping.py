"""What a ticketing system's webhook body means: expressions to the fields of the ticket."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.contracts.expressions import Expression, asked, document_in, is_false, text
from shared.contracts.reset_ticket import ResetTicket, ticket_of
from shared.domain.errors.requests import InvalidEvent


@dataclass(frozen=True, slots=True, kw_only=True)
class WordRule:
    """Where a text stands.

    Attributes:
        path: the expression; numbers are taken for the text that they are written as.
        values: what the vendor's words mean; one that is not among them is taken as it is. None
            where the vendor uses ours.
    """

    path: Expression
    values: Mapping[str, str] | None = None

    def of(self, name: str, document: object) -> str | None:
        """The text, in our words; None where there is none.

        Raises:
            InvalidEvent: there is something else than a text or a whole number.
        """
        word = text(name, asked(name, self.path, document))
        if word is None or self.values is None:
            return word
        return self.values.get(word, word)


@dataclass(frozen=True, slots=True, kw_only=True)
class TicketMapping:
    """A vendor's body as a ticket.

    Attributes:
        when: a body for which this is false (as JMESPath has it) is none of ours.
        fields: where the texts stand, by their names in the ticket.
        actions: yields the list of actions, in our words; nothing means all of them.
        verification: where `by` and `method` stand; with one of them missing, nobody verified.
    """

    when: Expression | None
    fields: Mapping[str, WordRule]
    actions: Expression | None
    verification: Mapping[str, WordRule]

    def ticket(self, body: bytes) -> ResetTicket | None:
        """The ticket in a body; None where it is none of ours.

        Raises:
            InvalidEvent: the body is no JSON, or makes no ticket. The detail names the field, never
                its value.
        """
        document = document_in(body)
        try:
            if self.when is not None and is_false(asked("when", self.when, document)):
                return None
            told: dict[str, Any] = _told(self.fields, "", document)
            actions = None if self.actions is None else asked("actions", self.actions, document)
            if actions is not None:
                told["actions"] = actions
            verification = _told(self.verification, "verification.", document)
            if self.verification and verification.keys() == self.verification.keys():
                told["verification"] = verification
            return ticket_of(told)
        except RecursionError as error:
            raise InvalidEvent("It is nested too deeply.") from error


def _told(rules: Mapping[str, WordRule], prefix: str, document: object) -> dict[str, str]:
    told = {name: rule.of(f"{prefix}{name}", document) for name, rule in rules.items()}
    return {name: value for name, value in told.items() if value is not None}
