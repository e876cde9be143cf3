"""A client that says what the official one never would: wrong requests, rare outcomes."""

import hmac
import time
from base64 import b64encode
from typing import Any
from urllib.parse import quote_plus

from proton import Message, int32
from proton.utils import BlockingConnection

from tests.stands.servicebus import KEY, KEY_NAME

_LONG_ENOUGH = 10.0
"""Seconds to wait for an answer that must come."""
_NO_MESSAGES = 204
Json = dict[str, Any]


def signed(audience: str, until: float, key: str = KEY, name: str = KEY_NAME) -> str:
    """A shared access signature, made as Microsoft documents it."""
    resource, expires = quote_plus(audience), int(until)
    digest = hmac.digest(key.encode(), f"{resource}\n{expires}".encode(), "sha256")
    signature = quote_plus(b64encode(digest))
    return f"SharedAccessSignature sr={resource}&sig={signature}&se={expires}&skn={name}"


class RawClient:
    """A connection on proton's own client.

    Args:
        port: where the broker is.
        paths: the entities that it has a token for.
        key: what the tokens are signed with.
        lifetime: seconds for which they hold.
    """

    def __init__(self, port: int, *paths: str, key: str = KEY, lifetime: float = 600) -> None:
        self.connection = BlockingConnection(f"127.0.0.1:{port}", timeout=_LONG_ENOUGH)
        self._nodes: dict[str, Any] = {}
        for path in paths:
            audience = f"sb://127.0.0.1:{port}/{path}"
            response = self.ask(
                "$cbs",
                signed(audience, time.time() + lifetime, key),
                {"operation": "put-token", "type": "jwt", "name": audience},
            ).properties
            assert response["status-code"] == 202, response

    def ask(
        self,
        node: str,
        body: Any,  # noqa: ANN401 - any AMQP value, the wrong ones above all
        properties: dict[str, Any],
    ) -> Any:  # noqa: ANN401 - a message, whose parts are as the broker made them
        """Send a request to a node; the response."""
        if node not in self._nodes:
            receiver = self.connection.create_receiver(node)
            self._nodes[node] = (self.connection.create_sender(node), receiver)
        sender, receiver = self._nodes[node]
        sender.send(Message(id="request", body=body, properties=properties))
        response = receiver.receive()
        assert response.correlation_id == "request"
        return response

    def manage(
        self,
        path: str,
        operation: str,
        body: Any,  # noqa: ANN401 - as above
    ) -> tuple[int, str | None]:
        """Ask the management node of an entity; status code and error condition."""
        properties: dict[str, Any] = {"operation": f"com.microsoft:{operation}"}
        response = self.ask(f"{path}/$management", body, properties).properties
        return response["statusCode"], response.get("errorCondition")

    def peek(self, path: str, first: int, count: int) -> list[Json]:
        """The annotations of a queue's messages from a sequence number on, in whatever state."""
        wanted = {"from-sequence-number": first, "message-count": int32(count)}
        properties = {"operation": "com.microsoft:peek-message"}
        response = self.ask(f"{path}/$management", wanted, properties)
        if response.properties["statusCode"] == _NO_MESSAGES:
            return []
        return [_annotations(one["message"]) for one in response.body["messages"]]

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()


def _annotations(payload: bytes) -> Json:
    message = Message()
    message.decode(payload)
    return dict(message.annotations or {})
