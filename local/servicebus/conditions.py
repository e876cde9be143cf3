"""What the broker tells a client as an AMQP error."""

from typing import Any
from uuid import uuid4

from proton import Condition, symbol

from local.servicebus.refusals import RefusalError


def condition(name: str, description: str) -> Condition:
    """An AMQP error.

    Its info map is never empty: the official client fails over an error without one.
    """
    info: dict[Any, Any] = {symbol("tracking-id"): str(uuid4())}
    return Condition(name, description, info)


def refused(refusal: RefusalError) -> Condition:
    """The AMQP error that tells a client of a refusal."""
    return condition(refusal.condition, str(refusal))
