"""Who gets in: signatures, their key, their scope and their time."""

from contextlib import closing
from functools import partial
from urllib.parse import quote_plus

import msgspec
import pytest
from azure.servicebus import ServiceBusMessage
from azure.servicebus.aio import ServiceBusClient
from azure.servicebus.exceptions import ServiceBusAuthenticationError
from proton import Endpoint, Link
from proton.utils import LinkDetached

from local.servicebus.refusals import UnauthorizedError
from local.servicebus.settings import connection_string
from local.servicebus.tokens import Claims, Key, check_token
from tests.stands.raw_amqp import RawClient, signed
from tests.stands.servicebus import KEY, KEY_NAME, ServiceBusProcess

AUDIENCE = "sb://127.0.0.1:5672/onboarding"
NOW = 1_800_000_000
SIGNING_KEY = Key(KEY_NAME, KEY)


def test_valid_token_gives_its_expiry() -> None:
    """A token signed with the key, in date, for this audience, counts until it expires."""
    assert check_token(signed(AUDIENCE, NOW + 60), AUDIENCE, SIGNING_KEY, real_now=NOW) == NOW + 60


@pytest.mark.parametrize(
    ("token", "reason"),
    [
        (signed(AUDIENCE, NOW + 60, key="another key"), "InvalidSignature"),
        (signed(AUDIENCE, NOW + 60, name="another name"), "InvalidSignature"),
        (signed(AUDIENCE, NOW + 60).replace("sig=", "sig=A"), "InvalidSignature"),
        (signed(AUDIENCE, NOW + 60).replace(str(NOW + 60), str(NOW + 600)), "InvalidSignature"),
        (signed(AUDIENCE, NOW + 60).replace("onboarding", "another"), "InvalidSignature"),
        (signed(AUDIENCE, NOW - 1), "ExpiredToken"),
        (signed("sb://127.0.0.1:5672/onboard", NOW + 60), "InvalidAudience"),
        (signed("sb://127.0.0.1:5672/onboarding/deeper", NOW + 60), "InvalidAudience"),
        (signed(AUDIENCE, NOW + 60).partition("&")[0], "MalformedToken"),
        (signed(AUDIENCE, NOW + 60) + "&sr=" + quote_plus(AUDIENCE) + "&=", "MalformedToken"),
        ("", "MalformedToken"),
        ("Bearer eyJhbGciOiJub25lIn0.e30.", "MalformedToken"),
    ],
)
def test_any_other_token_is_refused(token: str, reason: str) -> None:
    """Another key, another name, a changed field, another time or place: refused with a reason."""
    with pytest.raises(UnauthorizedError, match=reason):
        check_token(token, AUDIENCE, SIGNING_KEY, real_now=NOW)


def test_claims_cover_what_lies_below_until_they_expire() -> None:
    """A token for an entity covers its sub-queues, nothing beside it, and not for ever."""
    claims = Claims()
    claims.grant(AUDIENCE, until=NOW + 60)
    claims.require("onboarding", real_now=NOW)
    claims.require("onboarding/$deadletterqueue", real_now=NOW)
    with pytest.raises(UnauthorizedError):
        claims.require("onboarding2", real_now=NOW)
    with pytest.raises(UnauthorizedError):
        claims.require("onboarding", real_now=NOW + 60)


@pytest.mark.parametrize("change", [{"shared_access_key": "x"}, {"shared_access_key_name": "x"}])
async def test_wrong_key_is_refused(
    broker: ServiceBusProcess, queue: str, change: dict[str, str]
) -> None:
    """The client sees the authentication error that Azure gives it."""
    settings = msgspec.structs.replace(broker.settings, **change)
    async with ServiceBusClient.from_connection_string(
        connection_string(broker.port, settings), retry_total=0
    ) as client:
        with pytest.raises(ServiceBusAuthenticationError):
            async with client.get_queue_sender(queue) as sender:
                await sender.send_messages(ServiceBusMessage("no"))
    (event,) = broker.events("token refused")[-1:]
    assert event["reason"].startswith("InvalidSignature")


def test_link_without_token_is_refused(broker: ServiceBusProcess, queue: str) -> None:
    """Nothing but `$cbs` can be attached before a token was put, not even to ask what exists."""
    with closing(RawClient(broker.port)) as raw:
        for path in (queue, f"{queue}/$management", "no-such-queue"):
            with pytest.raises(LinkDetached, match="unauthorized-access"):
                raw.connection.create_sender(path)
            with pytest.raises(LinkDetached, match="unauthorized-access"):
                raw.connection.create_receiver(path)


def test_token_opens_its_entity_only(broker: ServiceBusProcess, queue: str) -> None:
    """A token for one queue does not open another."""
    with closing(RawClient(broker.port, queue)) as raw:
        raw.connection.create_sender(queue)
        with pytest.raises(LinkDetached, match="unauthorized-access"):
            raw.connection.create_sender("queue-0")


def test_bad_token_request_is_answered(broker: ServiceBusProcess) -> None:
    """A request on `$cbs` that is none gets 401, not silence."""
    with closing(RawClient(broker.port)) as raw:
        for body in ("not a token", None, 7, {"a": b"b"}):
            assert (
                raw.ask("$cbs", body, {"operation": "put-token"}).properties["status-code"] == 401
            )
        assert raw.ask("$cbs", "x", {"operation": "other"}).properties["status-code"] == 401


def test_link_closes_when_its_token_expires(broker: ServiceBusProcess, queue: str) -> None:
    """A token that runs out and is not put anew ends the links that it opened."""
    with closing(RawClient(broker.port, queue, lifetime=2)) as raw:
        sender = raw.connection.create_sender(queue)
        with pytest.raises(LinkDetached, match="unauthorized-access"):
            raw.connection.wait(partial(_is_closed_by_peer, sender.link))


def _is_closed_by_peer(link: Link) -> bool:
    return bool(link.state & Endpoint.REMOTE_CLOSED)
