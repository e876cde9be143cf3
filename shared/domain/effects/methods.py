"""Adding and removing authentication methods."""

from dataclasses import dataclass
from typing import ClassVar, Final

from shared.domain.accounts import NoAccount
from shared.domain.authentication import MethodType, Unknown
from shared.domain.contacts import ContactKind
from shared.domain.facts import Fact, Facts
from shared.domain.ids import CaseId
from shared.domain.people.rulings import Impact

_ABSENT: Final = "absent"

METHOD_OF: Final = {
    ContactKind.EMAIL: MethodType.EMAIL,
    ContactKind.MOBILE: MethodType.PHONE,
}
"""The authentication method that contact data becomes."""


@dataclass(frozen=True, slots=True)
class RemoveMethod:
    """The person loses an authentication method.

    Attributes:
        method_type: its kind, which decides how it is removed.
        method_id: Graph's id of it.
        impact: what it comes to for the person.
    """

    action: ClassVar = "remove-method"
    target: ClassVar = _ABSENT
    proof: ClassVar = Fact.METHODS

    method_type: MethodType
    method_id: str
    impact: Impact = Impact.WEAKEN

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        if facts.methods is None:
            return None
        if isinstance(facts.methods, NoAccount):
            return Unknown(
                "The directory does not show the person, so it shows no method of theirs."
            )
        there = any(method.method_id == self.method_id for method in facts.methods)
        return self.method_type if there else _ABSENT

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value == _ABSENT


@dataclass(frozen=True, slots=True)
class RegisterContact:
    """The person gets an authentication method, made of contact data that HR told.

    It names the case that the data is kept for and not the data, because effects are stored.
    """

    target: ClassVar = "registered"
    impact: ClassVar = Impact.STRENGTHEN
    proof: ClassVar = Fact.METHODS

    contact: ContactKind
    case_id: CaseId

    @property
    def action(self) -> str:
        """What audit entries call it."""
        return f"prepare-{self.contact}"

    def seen(self, facts: Facts) -> str | Unknown | None:
        """The value that was read; None where nobody looked yet."""
        if facts.methods is None:
            return None
        if isinstance(facts.methods, NoAccount):
            return Unknown("The directory does not know the person.")
        wanted = METHOD_OF[self.contact]
        found = any(method.method_type is wanted for method in facts.methods)
        return self.target if found else "not registered"

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value == self.target
