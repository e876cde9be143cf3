"""For whom contact data that HR told is registered, and what speaks against it.

It is HR's word and it opens accounts. So it is registered only for accounts that nobody has used
yet, and only for people who are known to hold no role; nobody is asked to approve it, because all
others can register by themselves.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, assert_never

from shared.domain.accounts import NoAccount
from shared.domain.actions import Fail, Look
from shared.domain.authentication import AuthenticationMethod, MethodType, Unknown
from shared.domain.cases import Case
from shared.domain.contacts import Contact, ContactKind, Newcomer, NoContact, is_within
from shared.domain.effects.methods import METHOD_OF
from shared.domain.facts import Fact, Facts
from shared.domain.people.binding import is_same_number
from shared.domain.people.rulings import Allowed, Impact, NeedsApproval, Refused, ruling
from shared.domain.plans import OnboardingPlan
from shared.domain.preparations import Preparation, Prepared

YOUNG: Final = timedelta(days=30)
"""Contact data is registered for accounts younger than this."""

FIRST_PASSWORD: Final = timedelta(hours=1)
"""A password that is made this soon after the account is its first one: provisioning may take
several steps, and a synchronised one follows its account by minutes."""

CONTACTS: Final = {
    Preparation.EMAIL: ContactKind.EMAIL,
    Preparation.MOBILE: ContactKind.MOBILE,
}
CONTACT_FACTS: Final = frozenset(
    {Fact.CONTACT, Fact.NEWCOMER, Fact.METHODS, Fact.OWN_DOMAINS, Fact.PRIVILEGE}
)
"""What has to be known first."""


def objection(
    case: Case, plan: OnboardingPlan, facts: Facts, kind: ContactKind, now: datetime
) -> str | Look | Fail | None:
    """Why contact data is not registered, or what is to be done to know; None where nothing is."""
    if facts.contact is None:
        return Look(Fact.CONTACT)
    if kind is ContactKind.EMAIL and facts.own_domains is None:
        return Look(Fact.OWN_DOMAINS)
    if facts.methods is None:
        return Look(Fact.METHODS)
    if facts.newcomer is None:
        return Look(Fact.NEWCOMER)
    return (
        _unfit(facts.contact, kind, facts.own_domains)
        or _not_theirs(plan, facts.newcomer)
        or _in_use(facts.newcomer, facts.methods, _ours(case), now)
        # Last of all: it costs the most requests.
        or _privileged(facts)
    )


def _privileged(facts: Facts) -> str | Look | Fail | None:
    if facts.privilege is None:
        return Look(Fact.PRIVILEGE)
    match ruling(Impact.PREPARE, facts.privilege):
        case Allowed():
            return None
        case NeedsApproval(reason):
            return f"{reason.rstrip('.')}, so they register by themselves"
        case Refused(error):
            return Fail(error)
        case unforeseen:
            assert_never(unforeseen)


def _ours(case: Case) -> Iterable[MethodType]:
    """What the case itself has registered."""
    return (
        METHOD_OF[kind]
        for preparation, kind in CONTACTS.items()
        if case.preparations.get(preparation) is Prepared.DONE
    )


def _unfit(
    contact: Contact | NoContact | Unknown, kind: ContactKind, own: frozenset[str] | Unknown | None
) -> str | None:
    if isinstance(contact, Unknown):
        return "the contact data can't be read"
    if isinstance(contact, NoContact):
        return "the contact data is no longer kept"
    value = contact.value(kind)
    if value is None:
        return f"the {kind} that HR told can't be used"
    if kind is not ContactKind.EMAIL:
        return None
    if not isinstance(own, frozenset):
        return "nobody can tell whether the e-mail address lies in the tenant"
    return "the e-mail address lies in the tenant itself" if is_within(value, own) else None


def _not_theirs(plan: OnboardingPlan, newcomer: Newcomer | Unknown) -> str | None:
    if plan.employee_id is None:
        return "the event bears no employee id"
    if isinstance(newcomer, Unknown):
        return f"nobody can tell whether the account was used: {newcomer.reason}"
    if newcomer.employee_id is None or not is_same_number(newcomer.employee_id, plan.employee_id):
        return "the account does not bear the event's employee id"
    return None


def _in_use(
    newcomer: Newcomer | Unknown,
    methods: tuple[AuthenticationMethod, ...] | NoAccount,
    ours: Iterable[MethodType],
    now: datetime,
) -> str | None:
    if isinstance(newcomer, Unknown) or newcomer.has_signed_in:
        return "somebody has signed in to the account, or tried to"
    if newcomer.created_at is None or newcomer.password_changed_at is None:
        return "nobody can tell how old the account and its password are"
    # Who signs in for the first time usually has to choose a password: that shows at once.
    if newcomer.password_changed_at - newcomer.created_at > FIRST_PASSWORD:
        return "the password was changed after the account was made"
    if now - newcomer.created_at >= YOUNG:
        return f"the account is not younger than {YOUNG.days} days"
    if isinstance(methods, NoAccount):
        return "the directory does not know the person"
    found = {method.method_type for method in methods}.difference(ours, {MethodType.PASSWORD})
    return "the account has an authentication method already" if found else None
