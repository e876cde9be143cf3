"""Read what a policy asks for."""

from dataclasses import dataclass, replace
from typing import assert_never

from shared.application.ports.clock import Clock
from shared.application.ports.contacts import Contacts
from shared.application.ports.control import Modes
from shared.application.ports.directory import Directory
from shared.application.ports.groups import Groups
from shared.application.ports.newcomers import Newcomers
from shared.domain.authentication import Unknown
from shared.domain.cases import Case
from shared.domain.contacts import Contact, NoContact
from shared.domain.control import Capability
from shared.domain.errors import StoreDenied
from shared.domain.facts import Fact, Facts
from shared.domain.ids import UserId


@dataclass(frozen=True, slots=True)
class Looking:
    """Adds one fact about a case's person to those that are known."""

    directory: Directory
    modes: Modes
    groups: Groups
    newcomers: Newcomers
    contacts: Contacts
    clock: Clock

    async def __call__(self, case: Case, facts: Facts, fact: Fact) -> Facts:
        """Read a fact.

        Raises:
            LifecycleError: it can't be read.
        """
        match fact:
            case Fact.ACCOUNT:
                who = case.user_id or case.plan.user_principal_name
                return replace(facts, account=await self.directory.find_account(who))
            case Fact.MFA_STATE:
                return replace(facts, mfa_state=await self.directory.mfa_state(person(case)))
            case Fact.METHODS:
                return replace(facts, methods=await self.directory.methods(person(case)))
            case Fact.MODE:
                return replace(facts, mode=await self.modes.mode(capability(case)))
            case Fact.MEMBERSHIPS:
                return replace(facts, memberships=await self.groups.memberships(person(case)))
            case Fact.NEWCOMER:
                return replace(facts, newcomer=await self.newcomers.newcomer(person(case)))
            case Fact.OWN_DOMAINS:
                return replace(facts, own_domains=await self.newcomers.own_domains())
            case Fact.CONTACT:
                return replace(facts, contact=await self._contact(case))
            case _:
                assert_never(fact)

    async def _contact(self, case: Case) -> Contact | NoContact | Unknown:
        try:
            return await self.contacts.find(case.case_id, self.clock.now())
        except StoreDenied as error:
            # No wait mends that, and nobody is to stay without MFA for it.
            return Unknown(error.detail)


def capability(case: Case) -> Capability:
    """What has to be let act for a case to change anything."""
    return Capability(case.kind.value)


def person(case: Case) -> UserId:
    """Whom a case is about.

    Raises:
        TypeError: they are not known yet, and a policy that asks about them is wrong.
    """
    if case.user_id is None:
        raise TypeError("The policy asked about a person whom the case does not know.")
    return case.user_id
