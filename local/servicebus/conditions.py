"""A refusal as an AMQP error."""

from typing import Any
from uuid import uuid4

from proton import Condition, symbol

from local.servicebus.refusals import RefusalError


def condition(refusal: RefusalError) -> Condition:
    """The AMQP error that tells a client of a refusal.

    Its info map is never empty: the official client fails over a rejection without one.
    """
    info: dict[Any, Any] = {symbol("tracking-id"): str(uuid4())}
    return Condition(refusal.condition, str(refusal), info)
