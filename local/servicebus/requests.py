"""The request and response messages of `$cbs` and of the management nodes."""

from dataclasses import dataclass
from typing import Any

import proton
from proton import int32

from local.servicebus.refusals import MalformedError
from local.servicebus.sections import owned


@dataclass(frozen=True)
class Request:
    """One request. `properties` are the application properties, `body` the value of the body."""

    message_id: Any
    properties: dict[str, Any]
    body: Any

    @property
    def operation(self) -> str:
        """What is asked for."""
        return str(self.properties.get("operation"))

    def field(self, name: str, kind: type | tuple[type, ...]) -> Any:  # noqa: ANN401 - any AMQP value
        """A field of the body that must be there and of this type.

        Raises:
            MalformedError: it is not.
        """
        value = self.body.get(name) if isinstance(self.body, dict) else None
        if not isinstance(value, kind):
            raise MalformedError(f"The request needs the field '{name}'.")
        return value

    def optional(self, name: str, kind: type) -> Any:  # noqa: ANN401 - any AMQP value
        """A field of the body that may be missing or null.

        Raises:
            MalformedError: it is there, but of another type.
        """
        value = self.body.get(name) if isinstance(self.body, dict) else None
        if value is not None and not isinstance(value, kind):
            raise MalformedError(f"The field '{name}' is of the wrong type.")
        return value

    def array(self, name: str, kind: type) -> list[Any]:
        """The elements of an array or list in the body, all of this type.

        Raises:
            MalformedError: it is missing, or an element is of another type.
        """
        value = self.field(name, (proton.Array, list, tuple))
        elements = list(value.elements if isinstance(value, proton.Array) else value)
        if not all(isinstance(element, kind) for element in elements):
            raise MalformedError(f"The field '{name}' has an element of the wrong type.")
        return elements


def parse(payload: bytes) -> Request:
    """Read a request.

    Raises:
        MalformedError: the bytes are no AMQP message, or one without an id to answer to.
    """
    message = proton.Message()
    try:
        message.decode(payload)
    except (proton.ProtonException, UnicodeDecodeError) as error:
        raise MalformedError("The request is no AMQP message.") from error
    if message.id is None:
        raise MalformedError("The request has no message id.")
    properties: dict[str, Any] | None = owned(message.properties)
    return Request(message.id, properties or {}, owned(message.body))


def answer(
    request: Request,
    body: Any,  # noqa: ANN401 - any AMQP value
    *,
    code_name: str,
    code: int,
    **properties: str,
) -> bytes:
    """Write the response to a request."""
    message = proton.Message(
        correlation_id=request.message_id,
        properties={code_name: int32(code), **properties},
        body=body,
    )
    return bytes(message.encode())
