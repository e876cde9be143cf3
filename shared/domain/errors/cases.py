"""What a case can't do, or not without somebody."""

from shared.domain.errors import Disposition, LifecycleError


class AttemptsUsedUp(LifecycleError):
    """The trouble did not pass within the bounded number of attempts."""

    code = "attempts-used-up"
    disposition = Disposition.PARK
    remedy = "Mend what the reason names, then replay."


class DateImplausible(LifecycleError):
    """An event's date is so far away that it is more likely a mistake."""

    code = "date-implausible"
    disposition = Disposition.PARK
    remedy = "Ask HR. Replaying the case takes the date as it is; cancelling it drops the event."


class IllegalTransition(LifecycleError):
    """The case can't go from its state to the one asked for."""

    code = "illegal-transition"
    disposition = Disposition.REFUSE
    remedy = "Read the case: it is over, or not there yet."


class NotApproved(LifecycleError):
    """A second person has to agree before the person is changed."""

    code = "not-approved"
    disposition = Disposition.DEFER
    remedy = "None: the case asks for an approval by itself."


class TooManyCases(LifecycleError):
    """More cases are about one person than can be read, so nobody can tell which of them counts."""

    code = "too-many-cases"
    disposition = Disposition.PARK
    remedy = "Suspend the source that makes them (PUT /api/control), and see to the person by hand."


class OwnApproval(LifecycleError):
    """A person wanted to approve what they have a part in."""

    code = "own-approval"
    disposition = Disposition.REFUSE
    remedy = "Have somebody approve it who neither asked for it nor is meant by it."


class PlanChanged(LifecycleError):
    """An approval was given for something else than what the case would do."""

    code = "plan-changed"
    disposition = Disposition.REFUSE
    remedy = "Read the case again and approve the planHash that it has now."
