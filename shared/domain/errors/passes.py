"""Why somebody gets no Temporary Access Pass."""

from shared.domain.errors import Disposition, LifecycleError


class PassUnanswered(LifecycleError):
    """Microsoft Graph was asked for a pass, and the pass did not reach us.

    What may have been made is removed; only then is there another one.
    """

    code = "pass-unanswered"
    disposition = Disposition.DEFER
    remedy = "Collect it again in half a minute."


class NotReady(LifecycleError):
    """A pass was asked for while the case does not wait for the person to register."""

    code = "not-ready"
    disposition = Disposition.REFUSE
    remedy = "Read the case; collect the pass when it is waiting-registration or overdue."


class AlreadyRegistered(LifecycleError):
    """A pass was asked for somebody who has a method of their own."""

    code = "already-registered"
    disposition = Disposition.REFUSE
    remedy = "Have them sign in with what they have. Where it is lost, ask for a reset."


class OwnPass(LifecycleError):
    """A pass was asked for by somebody who has a part in the case."""

    code = "own-pass"
    disposition = Disposition.REFUSE
    remedy = "Have somebody collect it who neither asked for the case, approved it nor is meant."


class PassNeedsApproval(LifecycleError):
    """A pass was asked for a privileged person, and nobody has approved the case."""

    code = "pass-needs-approval"
    disposition = Disposition.REFUSE
    remedy = "Have another person approve the case, then collect the pass within eight hours."


class PassNotAllowed(LifecycleError):
    """The tenant's policy lets the person have no Temporary Access Pass."""

    code = "pass-not-allowed"
    disposition = Disposition.REFUSE
    remedy = "Change the authentication methods policy, or register the person in another way."


class RegistersElsewhere(LifecycleError):
    """The person signs in with a certificate or at another identity provider."""

    code = "registers-elsewhere"
    disposition = Disposition.REFUSE
    remedy = "Have them register where they sign in; a pass would not help."


class PassesUsedUp(LifecycleError):
    """A case has had as many passes as it may."""

    code = "passes-used-up"
    disposition = Disposition.REFUSE
    remedy = "Find out what became of the passes. Who lost what they registered needs a reset."


class TooManyPasses(LifecycleError):
    """One person has collected as many passes as they may in an hour."""

    code = "too-many-passes"
    disposition = Disposition.REFUSE
    remedy = "Have somebody else collect it, or wait."
