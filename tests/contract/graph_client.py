"""The real Graph adapter against the simulated tenant, as the tests build it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Self

from azure.core.credentials import AccessToken
from azure.core.credentials_async import AsyncTokenCredential

from shared.adapters.graph.client import GraphClient
from shared.adapters.graph.clouds import CLOUDS
from shared.adapters.graph.groups import GraphGroups
from shared.adapters.graph.writes import GraphWrites
from shared.domain.ids import GroupId
from shared.names import CloudName
from tests.fakes.contacts import FakeContacts
from tests.fakes.directory import FakeDirectory

SCOPE = CLOUDS[CloudName.GLOBAL].scope
DAY = 86_400


@dataclass
class Pauses:
    """A `Clock` that notes pauses and does not make them."""

    taken: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        """The time, in UTC."""
        return datetime.now(UTC)

    async def sleep(self, seconds: float) -> None:
        """Note a pause."""
        self.taken.append(seconds)


@dataclass
class GivenTokens:
    """A credential that hands out prepared tokens, the last one for ever.

    Attributes:
        tokens: what it hands out when it is asked for a new one.
        renewals: how often its cache was passed over.
    """

    tokens: list[str]
    renewals: int = 0

    async def get_token(
        self, *_scopes: str, claims: str | None = None, **_options: object
    ) -> AccessToken:
        """The current token; the next one where the asker wants it to be new."""
        if claims is not None:
            self.renewals += 1
            if len(self.tokens) > 1:
                self.tokens.pop(0)
        expires = int(datetime.now(UTC).timestamp()) + DAY
        return AccessToken(self.tokens[0], expires)

    async def close(self) -> None:
        """Nothing to close."""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def graph_writes(
    client: GraphClient, *groups: GroupId, contacts: FakeContacts | None = None
) -> GraphWrites:
    """The writing adapter over a client."""
    return GraphWrites(
        client,
        groups=GraphGroups(client, groups),
        mailboxes=FakeDirectory(),
        contacts=contacts or FakeContacts(),
        clock=Pauses(),
    )


@asynccontextmanager
async def graph_client(
    root: str,
    credential: AsyncTokenCredential,
    *,
    clock: Pauses | None = None,
    patience: float = 5.0,
    attempts: int = 3,
    waiting: float = 2.0,
) -> AsyncIterator[GraphClient]:
    """A client with a short life."""
    client = GraphClient(
        credential,
        root=root,
        scope=SCOPE,
        clock=clock or Pauses(),
        timeout=timedelta(seconds=patience),
        attempts=attempts,
        waiting=timedelta(seconds=waiting),
    )
    async with client:
        yield client
