"""Why nothing, or nothing yet, is done to a person."""

from shared.domain.errors import Disposition, LifecycleError


class AccountNotFound(LifecycleError):
    """The directory has no such account, and the time to wait for it is over."""

    code = "account-not-found"
    disposition = Disposition.PARK
    remedy = "See whether HR sent the right name and whether provisioning works, then replay."


class IdentityMismatch(LifecycleError):
    """The account belongs to another employee than the event says, or bears no number at all."""

    code = "identity-mismatch"
    disposition = Disposition.PARK
    remedy = "Find out whom the sign-in name belongs to; correct HR or the directory, then replay."


class ContactGone(LifecycleError):
    """The contact data was to be registered and is no longer kept."""

    code = "contact-gone"
    disposition = Disposition.PARK
    remedy = "The person registers by themselves; replay the case."


class ProtectedAccount(LifecycleError):
    """A break-glass account. It is never changed."""

    code = "protected-account"
    disposition = Disposition.REFUSE
    remedy = "Change it by hand if it must be: see your break-glass procedure."


class ExcludedAccount(LifecycleError):
    """The person is on the list of exclusions, and their entry has not expired."""

    code = "excluded-account"
    disposition = Disposition.REFUSE
    remedy = "Ask the entry's owner, who stands in GET /api/exclusions."


class ServiceAccount(LifecycleError):
    """An account that directory synchronisation made for itself: nobody can register a method."""

    code = "service-account"
    disposition = Disposition.REFUSE
    remedy = "Restrict where it may sign in from with Conditional Access."


class TooFewAdministrators(LifecycleError):
    """Fewer than two unblocked, registered Global Administrators would be left."""

    code = "too-few-administrators"
    disposition = Disposition.REFUSE
    remedy = "Have another Global Administrator register first."


class GuestAccount(LifecycleError):
    """A guest. Its home organisation answers for its MFA."""

    code = "guest-account"
    disposition = Disposition.REFUSE
    remedy = "Require MFA of guests with Conditional Access."


class AccountDisabled(LifecycleError):
    """The account is blocked, and the time to wait for it is over."""

    code = "account-disabled"
    disposition = Disposition.REFUSE
    remedy = "Unblock the account and ask again; HR sends its event under a new id."
