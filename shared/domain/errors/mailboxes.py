"""What Exchange Online answers, or does not."""

from shared.domain.errors import Disposition, LifecycleError


class MailboxesUnavailable(LifecycleError):
    """Exchange Online did not answer, asked us to slow down, or answered with a server error."""

    code = "mailboxes-unavailable"
    disposition = Disposition.DEFER
    remedy = "See whether Microsoft reports an incident; the work goes on by itself."


class MailboxRefused(LifecycleError):
    """Exchange Online does not let our identity change the mailbox."""

    code = "mailbox-refused"
    disposition = Disposition.PARK
    remedy = (
        "Give the identity of the reset app `Exchange.ManageAsApp` and an Exchange role that may "
        "set CAS mailboxes, or set MFA_RESET_CLOSE_MAILBOX to `false`; then replay the case."
    )
