"""What one client may attach and what it has attached: the events of its AMQP connection."""

import time
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

import proton
from proton import symbol, ulong

from local.servicebus.cbs import put_token
from local.servicebus.dispatch import Dispatcher
from local.servicebus.journal import note
from local.servicebus.links import IncomingLink, OutgoingLink, refuse
from local.servicebus.management import manage
from local.servicebus.namespace import Namespace
from local.servicebus.nodes import Answerer, RequestLink, ResponseLink
from local.servicebus.refusals import NotAllowedError, RefusalError
from local.servicebus.tokens import Claims, Key
from local.servicebus.topology import MANAGEMENT_SUFFIX, entity_path

_CBS = "$cbs"
_SESSION_FILTER = "com.microsoft:session-filter"
_MAX_BATCH_SIZE = symbol("com.microsoft:max-message-batch-size")


class ConnectionEvent(Protocol):
    """An event of proton's; it declares all parts of all kinds of events as optional."""

    @property
    def connection(self) -> proton.Connection: ...


class SessionEvent(Protocol):
    """An event about a session."""

    @property
    def session(self) -> proton.Session: ...


class LinkEvent(Protocol):
    """An event about a link."""

    @property
    def link(self) -> proton.Sender | proton.Receiver: ...


class DeliveryEvent(LinkEvent, Protocol):
    """An event about a delivery."""

    @property
    def delivery(self) -> proton.Delivery: ...


LinkHandler = IncomingLink | OutgoingLink | RequestLink | ResponseLink


@dataclass(frozen=True)
class Broker:
    """What all connections share."""

    namespace: Namespace
    dispatcher: Dispatcher
    key: Key


class Peer(proton.Handler):
    """Answers the events of one connection. The names of its methods are proton's."""

    def __init__(self, broker: Broker) -> None:
        self._broker = broker
        self._claims = Claims()
        self._links: dict[proton.Link, LinkHandler] = {}
        self._paths: dict[proton.Link, str] = {}

    def on_connection_remote_open(self, event: ConnectionEvent) -> None:
        event.connection.container = "local-servicebus"
        event.connection.open()

    def on_connection_remote_close(self, event: ConnectionEvent) -> None:
        event.connection.close()
        self.forget()

    def on_session_remote_open(self, event: SessionEvent) -> None:
        event.session.open()

    def on_session_remote_close(self, event: SessionEvent) -> None:
        event.session.close()
        for link in [one for one in self._links if one.session == event.session]:
            self._forget(link)

    def on_link_remote_open(self, event: LinkEvent) -> None:
        link = event.link
        link.source.copy(link.remote_source)
        link.target.copy(link.remote_target)
        link.snd_settle_mode = link.remote_snd_settle_mode
        link.rcv_settle_mode = link.remote_rcv_settle_mode
        terminus = link.remote_source if link.is_sender else link.remote_target
        path = entity_path(terminus.address or "")
        try:
            handler = self._attach(link, path)
        except RefusalError as refusal:
            note("link refused", path=path, condition=refusal.condition)
            # A refused link is answered without its terminus, then closed (AMQP 1.0, 2.6.3).
            (link.source if link.is_sender else link.target).type = proton.Terminus.UNSPECIFIED
            link.open()
            refuse(link, refusal)
            return
        self._links[link] = handler
        self._paths[link] = path
        link.open()

    def on_link_remote_close(self, event: LinkEvent) -> None:
        event.link.close()
        self._forget(event.link)

    def on_link_remote_detach(self, event: LinkEvent) -> None:
        event.link.detach()
        self._forget(event.link)

    def on_link_flow(self, event: LinkEvent) -> None:
        handler = self._links.get(event.link)
        if isinstance(handler, OutgoingLink):
            self._broker.namespace.woken.add(handler.entity.path)

    def on_delivery(self, event: DeliveryEvent) -> None:
        handler = self._links.get(event.link)
        if handler is not None and not event.link.state & proton.Endpoint.LOCAL_CLOSED:
            handler.on_delivery(event.delivery)

    def forget(self) -> None:
        """Let go of every link: the connection is over."""
        for link in list(self._links):
            self._forget(link)

    def close_expired(self) -> None:
        """Close the links whose token has expired and was not put anew."""
        for link, path in list(self._paths.items()):
            try:
                self._require_claim(path)
            except RefusalError as refusal:
                note("token expired", path=path)
                refuse(link, refusal)
                self._forget(link)

    def _forget(self, link: proton.Link) -> None:
        handler = self._links.pop(link, None)
        self._paths.pop(link, None)
        if isinstance(handler, OutgoingLink):
            self._broker.dispatcher.discard(handler)

    def _require_claim(self, path: str) -> None:
        if path != _CBS:
            scope = path.removesuffix(MANAGEMENT_SUFFIX)
            self._claims.require(scope, real_now=time.time())

    def _attach(self, link: proton.Sender | proton.Receiver, path: str) -> LinkHandler:
        self._require_claim(path)
        if path == _CBS or path.endswith(MANAGEMENT_SUFFIX):
            return self._attach_node(link, path)
        namespace = self._broker.namespace
        entity = namespace.topology.find(path)
        if isinstance(link, proton.Sender):
            if not entity.gives_messages:
                raise NotAllowedError(f"'{path}' is a topic: receive from a subscription.")
            if _SESSION_FILTER in _filters(link):
                raise NotAllowedError(
                    "A sessionful message receiver cannot be created on an entity that does not "
                    f"require sessions. Entity: '{path}'."
                )
            outgoing = OutgoingLink(link, namespace, entity)
            self._broker.dispatcher.add(outgoing)
            return outgoing
        if not entity.takes_messages:
            raise NotAllowedError(f"Messages can't be sent to '{path}'.")
        link.max_message_size = namespace.max_message_size
        link.properties = {_MAX_BATCH_SIZE: ulong(namespace.max_message_size)}
        return IncomingLink(link, namespace, entity)

    def _attach_node(self, link: proton.Sender | proton.Receiver, path: str) -> LinkHandler:
        answerer = self._answerer(path)
        if isinstance(link, proton.Sender):
            return ResponseLink(link)
        return RequestLink(link, answerer, partial(self._response_link, link.session, path))

    def _answerer(self, path: str) -> Answerer:
        if path == _CBS:
            return lambda request: put_token(
                request, self._claims, self._broker.key, real_now=time.time()
            )
        namespace = self._broker.namespace
        entity = namespace.topology.find(path.removesuffix(MANAGEMENT_SUFFIX))
        return partial(manage, namespace, entity)

    def _response_link(self, session: proton.Session, path: str) -> ResponseLink | None:
        for link, handler in self._links.items():
            if (
                isinstance(handler, ResponseLink)
                and link.session == session
                and self._paths[link] == path
            ):
                return handler
        return None


def _filters(link: proton.Sender) -> dict[Any, Any]:
    data = link.remote_source.filter
    data.rewind()
    found = data.get_object() if data.next() else None
    return found if isinstance(found, dict) else {}
