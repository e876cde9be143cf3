"""Trouble with queues and with what comes on them."""

from shared.domain.errors import Disposition, LifecycleError


class BrokerUnavailable(LifecycleError):
    """Service Bus did not take a message in time."""

    code = "broker-unavailable"
    disposition = Disposition.DEFER
    remedy = "See whether the namespace is reachable; the recovery timer sends what is due."


class MalformedMessage(LifecycleError):
    """A queue message that is none of ours."""

    code = "malformed-message"
    disposition = Disposition.PARK
    remedy = "Find the sender. There is nothing to replay."


class DeadLettered(LifecycleError):
    """The broker gave a message up after too many deliveries."""

    code = "dead-lettered"
    disposition = Disposition.PARK
    remedy = "Look for the error in the logs by the case id; replay when mended."


class CaseMissing(LifecycleError):
    """A message names a case that does not exist."""

    code = "case-missing"
    disposition = Disposition.PARK
    remedy = "Find out who sent it. Cases are never deleted before their retention ends."


class NotReplayable(LifecycleError):
    """A parked message that was kept only in redacted form."""

    code = "not-replayable"
    disposition = Disposition.REFUSE
    remedy = "Have its sender send it again."
