"""Why nobody is exempt, or not for so long."""

from shared.domain.errors import Disposition, LifecycleError


class PersonUnknown(LifecycleError):
    """The directory has nobody of the object id that was asked for."""

    code = "person-unknown"
    disposition = Disposition.REFUSE
    remedy = "Look the object id up; an account that was just made may take some minutes to show."


class PersonLeaving(LifecycleError):
    """Somebody who is leaving or has left. Their MFA stays as it is."""

    code = "person-leaving"
    disposition = Disposition.REFUSE
    remedy = "See the person's leaver case; cancel it where HR was wrong, then ask again."


class NothingToExempt(LifecycleError):
    """An exemption of somebody whose per-user MFA is disabled already."""

    code = "nothing-to-exempt"
    disposition = Disposition.REFUSE
    remedy = "See what asks the person for MFA: it is not the per-user state."


class UnprotectedOtherwise(LifecycleError):
    """An exemption of somebody whom nothing else is known to protect."""

    code = "unprotected-otherwise"
    disposition = Disposition.REFUSE
    remedy = "Help the person to register instead, or ask again with acceptUnprotected."


class ExemptionOver(LifecycleError):
    """An exemption whose end came before it had begun."""

    code = "exemption-over"
    disposition = Disposition.REFUSE
    remedy = "Ask again with a later end, and have it approved in time."


class ExemptionLive(LifecycleError):
    """The person has an exemption already; a person has one at a time."""

    code = "exemption-live"
    disposition = Disposition.REFUSE
    remedy = "Read the case that the detail names; end it, then ask again."


class ExemptionLimitReached(LifecycleError):
    """The person would be exempt for longer than people may be in a year."""

    code = "exemption-limit-reached"
    disposition = Disposition.REFUSE
    remedy = "Help the person to register a method that they can use."
