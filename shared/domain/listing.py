"""A person's authentication methods, as far as the directory shows them."""

from shared.domain.accounts import NoAccount
from shared.domain.actions import Fail, Look
from shared.domain.authentication import AuthenticationMethod
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.facts import Fact, Facts


def shown(facts: Facts) -> tuple[AuthenticationMethod, ...] | Look | Fail:
    """The methods, or what is to be done to know them."""
    match facts.methods:
        case None:
            return Look(Fact.METHODS)
        case NoAccount():
            return Fail(AccountNotVisible("The directory does not show the person's methods."))
        case methods:
            return methods
