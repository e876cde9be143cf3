"""Why a ticket about a lost device is refused, or waits for a human."""

from shared.domain.errors import Disposition, LifecycleError


class CallerUnverified(LifecycleError):
    """The ticket does not say who verified the caller, or not in a way that counts."""

    code = "caller-unverified"
    disposition = Disposition.REFUSE
    remedy = (
        "Verify the caller as MFA_RESET_VERIFICATIONS allows; send another ticket that says so."
    )


class VerifiedByThemselves(LifecycleError):
    """The ticket names the person as the one who verified the caller."""

    code = "verified-by-themselves"
    disposition = Disposition.REFUSE
    remedy = "Have somebody else verify the caller, and send another ticket."


class ApprovalLapsed(LifecycleError):
    """Nobody approved the reset of a privileged person in time."""

    code = "approval-lapsed"
    disposition = Disposition.REFUSE
    remedy = "Verify the caller again, and send another ticket."


class SuspectRegistration(LifecycleError):
    """A method appeared that nobody was given a pass to register."""

    code = "suspect-registration"
    disposition = Disposition.PARK
    remedy = (
        "Ask the person whether it is theirs. If not, or in doubt, send a ticket with the reason "
        "`compromised`; if it is, remove it, replay the case and have them collect a pass."
    )


class ResetExpired(LifecycleError):
    """The parked ticket is too old: what it asserts may be true no longer."""

    code = "reset-expired"
    disposition = Disposition.REFUSE
    remedy = "Verify the caller again, send another ticket, and cancel this case."
