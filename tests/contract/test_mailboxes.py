"""The port `Mailboxes` over Exchange Online: what is read, and what is shut."""

from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from local.graph.identity import IdentityConfig
from shared.adapters.exchange.client import ExchangeClient
from shared.adapters.exchange.mailboxes import ExchangeMailboxes
from shared.adapters.graph.clouds import CLOUDS
from shared.domain.authentication import Unknown
from shared.domain.errors.mailboxes import MailboxesUnavailable, MailboxRefused
from shared.domain.ids import UserId
from shared.domain.mailboxes import Mailbox, NoMailbox, Protocol
from shared.names import CloudName
from tests.contract.exchange_server import TENANT, TOKEN, Exchange, problem, running_exchange
from tests.contract.graph_client import GivenTokens
from tests.stands.graph import GraphControl, GraphStand

KIM = UserId("a0000000-0000-4000-8000-000000000001")
SCOPE = CLOUDS[CloudName.GLOBAL].exchange_scope


@pytest.fixture
async def exchange() -> AsyncIterator[Exchange]:
    """An Exchange Online of the test's own."""
    async with running_exchange() as running:
        yield running


@pytest.fixture
async def mailboxes(exchange: Exchange) -> AsyncIterator[ExchangeMailboxes]:
    """The adapter over it."""
    client = ExchangeClient(GivenTokens([TOKEN]), root=exchange.root, scope=SCOPE, tenant=TENANT)
    async with client:
        yield ExchangeMailboxes(client)


async def test_a_mailbox_is_shut_for_every_old_protocol(
    exchange: Exchange, mailboxes: ExchangeMailboxes
) -> None:
    """What the organisation has set about SMTP AUTH is not enough: it is turned off by name."""
    exchange.add(KIM)
    assert await mailboxes.mailbox(KIM) == Mailbox(frozenset(Protocol))
    await mailboxes.close(KIM)
    assert exchange.mailboxes[KIM] == {
        "ImapEnabled": False,
        "PopEnabled": False,
        "ActiveSyncEnabled": False,
        "SmtpClientAuthenticationDisabled": True,
    }
    assert await mailboxes.mailbox(KIM) == Mailbox(frozenset())


@pytest.mark.parametrize(
    ("name", "value", "protocol"),
    [
        ("ImapEnabled", True, Protocol.IMAP),
        ("PopEnabled", True, Protocol.POP),
        ("ActiveSyncEnabled", True, Protocol.ACTIVE_SYNC),
        ("SmtpClientAuthenticationDisabled", False, Protocol.SMTP_AUTH),
        ("SmtpClientAuthenticationDisabled", None, Protocol.SMTP_AUTH),
    ],
)
async def test_each_open_protocol_is_seen(
    exchange: Exchange,
    mailboxes: ExchangeMailboxes,
    name: str,
    value: bool | None,  # noqa: FBT001  (a parameter of the test)
    protocol: Protocol,
) -> None:
    """One that is left open is enough."""
    exchange.add(KIM)
    await mailboxes.close(KIM)
    exchange.mailboxes[KIM][name] = value
    assert await mailboxes.mailbox(KIM) == Mailbox(frozenset({protocol}))


async def test_a_command_says_what_it_is_about(
    exchange: Exchange, mailboxes: ExchangeMailboxes
) -> None:
    """The person by object id, also in the header that finds the right server."""
    exchange.add(KIM)
    await mailboxes.mailbox(KIM)
    command = {"CmdletName": "Get-CASMailbox", "Parameters": {"Identity": KIM}}
    assert exchange.bodies == [{"CmdletInput": command}]
    assert exchange.headers["X-AnchorMailbox"] == KIM


async def test_who_has_no_mailbox_has_none(
    exchange: Exchange, mailboxes: ExchangeMailboxes
) -> None:
    """By Exchange's own words; another 404 says nothing of the person."""
    assert await mailboxes.mailbox(KIM) == NoMailbox()
    exchange.answers.append(web.Response(status=404, text="<html>no such page</html>"))
    assert isinstance(await mailboxes.mailbox(KIM), Unknown)
    with pytest.raises(MailboxesUnavailable):
        await mailboxes.close(KIM)


@pytest.mark.parametrize("status", [401, 403, 400])
async def test_without_the_permission_it_is_unknown_and_nothing_is_shut(
    exchange: Exchange, mailboxes: ExchangeMailboxes, status: int
) -> None:
    """A refusal is told with what is missing, and never taken for a closed mailbox."""
    exchange.add(KIM)
    exchange.answers.extend(problem(status, "Forbidden", "no") for _ in range(2))
    assert isinstance(await mailboxes.mailbox(KIM), Unknown)
    with pytest.raises(MailboxRefused):
        await mailboxes.close(KIM)


async def test_trouble_that_passes_is_tried_again_where_it_only_reads(
    exchange: Exchange, mailboxes: ExchangeMailboxes
) -> None:
    """A read once more; a write never: whoever guards it has to look first."""
    exchange.add(KIM)
    exchange.answers.append(problem(503, "ServerBusy", ""))
    assert await mailboxes.mailbox(KIM) == Mailbox(frozenset(Protocol))
    exchange.answers.append(problem(503, "ServerBusy", ""))
    with pytest.raises(MailboxesUnavailable):
        await mailboxes.close(KIM)
    names = [body["CmdletInput"]["CmdletName"] for body in exchange.bodies]
    assert names == ["Get-CASMailbox", "Get-CASMailbox", "Set-CASMailbox"]


async def test_what_exchange_asks_for_is_handed_on(
    exchange: Exchange, mailboxes: ExchangeMailboxes
) -> None:
    """How long to wait, when it is throttling."""
    exchange.answers.append(problem(429, "TooManyRequests", "", **{"Retry-After": "17"}))
    with pytest.raises(MailboxesUnavailable) as raised:
        await mailboxes.mailbox(KIM)
    assert raised.value.retry_after is not None
    assert raised.value.retry_after.total_seconds() == 17


@pytest.mark.parametrize(
    "answer",
    [
        "not json",
        '{"value":[]}',
        '{"value":[{},{}]}',
        '{"value":[{"ImapEnabled":"no"}]}',
        '{"value":[{"ImapEnabled":false,"PopEnabled":false}]}',
    ],
)
async def test_an_answer_that_can_not_be_read_proves_nothing(
    exchange: Exchange, mailboxes: ExchangeMailboxes, answer: str
) -> None:
    """A protocol that is not named is not closed."""
    exchange.answers.append(web.Response(text=answer, content_type="application/json"))
    with pytest.raises(MailboxesUnavailable):
        await mailboxes.mailbox(KIM)


async def test_no_answer_at_all_passes() -> None:
    """Nobody listens: the work is put off."""
    client = ExchangeClient(
        GivenTokens([TOKEN]), root="http://127.0.0.1:1", scope=SCOPE, tenant=TENANT
    )
    async with client:
        with pytest.raises(MailboxesUnavailable):
            await ExchangeMailboxes(client).mailbox(KIM)


@pytest.fixture
async def simulated(
    graph_stand: GraphStand, tenant: GraphControl
) -> AsyncIterator[ExchangeMailboxes]:
    """The adapter over the simulated tenant, with the permission of Exchange."""
    token = tenant.do("POST", "token", {"audience": SCOPE.removesuffix("/.default")})
    client = ExchangeClient(
        GivenTokens([token["access_token"]]),
        root=graph_stand.base_url,
        scope=SCOPE,
        tenant=IdentityConfig().tenant_id,
    )
    async with client:
        yield ExchangeMailboxes(client)


async def test_the_simulated_mailbox_is_shut_in_truth(
    simulated: ExchangeMailboxes, tenant: GraphControl
) -> None:
    """What is read back is what the tenant says of it; a guest has none."""
    member = UserId(tenant.create_user(userPrincipalName="box@contoso.example")["id"])
    assert await simulated.mailbox(member) == Mailbox(frozenset(Protocol))
    await simulated.close(member)
    assert await simulated.mailbox(member) == Mailbox(frozenset())
    assert set(tenant.truth(member)["mailbox"].items()) == {
        ("ImapEnabled", False),
        ("PopEnabled", False),
        ("ActiveSyncEnabled", False),
        ("SmtpClientAuthenticationDisabled", True),
    }
    guest = tenant.create_user(userPrincipalName="nobox@contoso.example", userType="Guest")
    assert await simulated.mailbox(UserId(guest["id"])) == NoMailbox()


async def test_a_token_for_graph_opens_no_mailbox(
    graph_stand: GraphStand, tenant: GraphControl
) -> None:
    """Exchange has an audience and a permission of its own."""
    member = UserId(tenant.create_user(userPrincipalName="box2@contoso.example")["id"])
    client = ExchangeClient(
        GivenTokens([tenant.token()]),
        root=graph_stand.base_url,
        scope=SCOPE,
        tenant=IdentityConfig().tenant_id,
    )
    async with client:
        assert isinstance(await ExchangeMailboxes(client).mailbox(member), Unknown)
