"""A client that says what the official one never would: wrong requests, rare outcomes."""

import hmac
import time
from base64 import b64encode
from typing import Any
from urllib.parse import quote_plus

from proton import Message
from proton.utils import BlockingConnection

from tests.local.servicebus.exchange import LONG_ENOUGH
from tests.stands.servicebus import KEY, KEY_NAME, ServiceBusProcess


def signed(audience: str, until: float, key: str = KEY, name: str = KEY_NAME) -> str:
    """A shared access signature, made as Microsoft documents it."""
    resource, expires = quote_plus(audience), int(until)
    digest = hmac.digest(key.encode(), f"{resource}\n{expires}".encode(), "sha256")
    signature = quote_plus(b64encode(digest))
    return f"SharedAccessSignature sr={resource}&sig={signature}&se={expires}&skn={name}"


class RawClient:
    """A connection on proton's own client, with a token for one entity unless told otherwise."""

    def __init__(
        self,
        broker: ServiceBusProcess,
        path: str,
        *,
        with_token: bool = True,
        lifetime: float = 600,
    ) -> None:
        self.connection = BlockingConnection(f"127.0.0.1:{broker.port}", timeout=LONG_ENOUGH)
        self._nodes: dict[str, Any] = {}
        if with_token:
            audience = f"sb://127.0.0.1:{broker.port}/{path}"
            response = self.ask(
                "$cbs",
                signed(audience, time.time() + lifetime),
                {"operation": "put-token", "type": "jwt", "name": audience},
            )
            assert response["status-code"] == 202, response

    def ask(
        self,
        node: str,
        body: Any,  # noqa: ANN401 - any AMQP value, the wrong ones above all
        properties: dict[str, Any],
    ) -> dict[str, Any]:
        """Send a request to a node; the application properties of the response."""
        if node not in self._nodes:
            receiver = self.connection.create_receiver(node)
            self._nodes[node] = (self.connection.create_sender(node), receiver)
        sender, receiver = self._nodes[node]
        sender.send(Message(id="request", body=body, properties=properties))
        response = receiver.receive()
        assert response.correlation_id == "request"
        return dict(response.properties)

    def manage(
        self,
        path: str,
        operation: str,
        body: Any,  # noqa: ANN401 - as above
    ) -> tuple[int, str | None]:
        """Ask the management node of an entity; status code and error condition."""
        properties: dict[str, Any] = {"operation": f"com.microsoft:{operation}"}
        response = self.ask(f"{path}/$management", body, properties)
        return response["statusCode"], response.get("errorCondition")

    def close(self) -> None:
        """Close the connection."""
        self.connection.close()
