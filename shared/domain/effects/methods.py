"""Adding and removing authentication methods."""

from dataclasses import dataclass
from typing import ClassVar, Final

from shared.domain.accounts import NoAccount
from shared.domain.authentication import (
    ALTERNATE_MOBILE,
    MOBILE,
    AuthenticationMethod,
    MethodType,
    Unknown,
)
from shared.domain.contacts import ContactKind
from shared.domain.facts import Fact, Facts
from shared.domain.ids import CaseId
from shared.domain.people.rulings import Impact

_ABSENT: Final = "absent"
_MOBILE_PREFERENCE: Final = "sms"

METHOD_OF: Final = {
    ContactKind.EMAIL: MethodType.EMAIL,
    ContactKind.MOBILE: MethodType.PHONE,
}
"""The authentication method that contact data becomes."""


@dataclass(frozen=True, slots=True)
class RemoveMethod:
    """The person loses one authentication method: a single request to the directory.

    Attributes:
        method_type: its kind, which decides how it is removed.
        method_id: Graph's id of it.
        impact: what it comes to for the person.
    """

    action: ClassVar = "remove-method"

    method_type: MethodType
    method_id: str
    impact: Impact = Impact.WEAKEN


@dataclass(frozen=True, slots=True)
class PreferMethod:
    """Another method becomes the default, so that the present one can be removed.

    Attributes:
        preference: Graph's word for it.
        impact: what it comes to for the person.
    """

    action: ClassVar = "prefer-method"

    preference: str
    impact: Impact


@dataclass(frozen=True, slots=True)
class RemoveMethods:
    """The person loses these authentication methods, one request each, in an order that works.

    Attributes:
        methods: which, in the order in which to try.
        impact: what it comes to for the person.
        preference: what becomes the default where the default is among them and something stays
            that can be it; None where nothing does.
    """

    action: ClassVar = "remove-methods"
    target: ClassVar = _ABSENT
    proof: ClassVar = Fact.METHODS

    methods: tuple[AuthenticationMethod, ...]
    impact: Impact
    preference: str | None = None

    def each(self) -> tuple[RemoveMethod, ...]:
        """One by one."""
        return tuple(
            RemoveMethod(one.method_type, one.method_id, self.impact) for one in self.methods
        )

    def preferences(self) -> tuple[str, ...]:
        """What can become the default where that goes, in the order in which to try.

        An alternate mobile that is the default and its mobile would keep each other for ever: so
        the mobile becomes the default for as long as it takes.
        """
        ids = {one.method_id for one in self.methods}
        meanwhile = _MOBILE_PREFERENCE if {ALTERNATE_MOBILE, MOBILE} <= ids else None
        return tuple(one for one in (self.preference, meanwhile) if one is not None)

    def seen(self, facts: Facts) -> str | Unknown | None:
        """Which of them are left; None where nobody looked yet."""
        if facts.methods is None:
            return None
        if isinstance(facts.methods, NoAccount):
            return Unknown(
                "The directory does not show the person, so it shows no method of theirs."
            )
        there = {method.method_id for method in facts.methods}
        left = [str(method) for method in self.methods if method.method_id in there]
        return ", ".join(left) or _ABSENT

    def holds(self, value: str) -> bool:
        """Whether a value that was read shows that it holds."""
        return value == _ABSENT


@dataclass(frozen=True, slots=True)
class RegisterContact:
    """The person gets an authentication method, made of contact data that HR told.

    It names the case that the data is kept for and not the data, because effects are stored.
    """

    target: ClassVar = "registered"
    impact: ClassVar = Impact.PREPARE
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
