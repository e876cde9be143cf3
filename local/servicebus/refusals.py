"""Everything the broker may say no to, with the AMQP condition and the status Azure gives."""

from typing import ClassVar


class RefusalError(Exception):
    """The broker's answer is no. The message is the description that the client sees."""

    condition: ClassVar[str]
    """The AMQP error condition, as the clients map it to their exceptions."""
    status: ClassVar[int]
    """The status code where the answer travels over a management link."""


class EntityNotFoundError(RefusalError):
    """No queue, topic or subscription has this address."""

    condition = "amqp:not-found"
    status = 404


class UnauthorizedError(RefusalError):
    """No valid token covers this entity on this connection."""

    condition = "amqp:unauthorized-access"
    status = 401


class NotAllowedError(RefusalError):
    """The entity exists, but it is not of a kind that can do this."""

    condition = "amqp:not-allowed"
    status = 400


class NotSupportedError(RefusalError):
    """A management operation that the broker does not know."""

    condition = "amqp:not-implemented"
    status = 501


class MalformedError(RefusalError):
    """The bytes are no AMQP message, or the request lacks what it needs."""

    condition = "amqp:decode-error"
    status = 400


class OutOfRangeError(RefusalError):
    """A value is longer than Azure takes it."""

    condition = "com.microsoft:argument-out-of-range"
    status = 400


class MessageTooLargeError(RefusalError):
    """The message, or the batch, is larger than the entity takes."""

    condition = "amqp:link:message-size-exceeded"
    status = 400


class MessageLockLostError(RefusalError):
    """The lock expired, or the message was settled already."""

    condition = "com.microsoft:message-lock-lost"
    status = 410


class MessageNotFoundError(RefusalError):
    """No message in the needed state has this sequence number."""

    condition = "com.microsoft:message-not-found"
    status = 404
