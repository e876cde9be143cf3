"""The methods of a reset's person, as far as the directory shows them."""

from shared.domain.accounts import NoAccount
from shared.domain.actions import Fail, Look
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.facts import Fact, Facts
from shared.domain.reset.scope import Methods


def shown(facts: Facts) -> Methods | Look | Fail:
    """The methods, or what is to be done to know them."""
    match facts.methods:
        case None:
            return Look(Fact.METHODS)
        case NoAccount():
            return Fail(AccountNotVisible("The directory does not show the person's methods."))
        case methods:
            return methods
