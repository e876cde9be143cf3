"""What the app is connected to, and the clock."""

import secrets
import time
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from azure.core.credentials_async import AsyncTokenCredential

    from shared.adapters.exchange.client import ExchangeClient
    from shared.adapters.graph.client import GraphClient
    from shared.adapters.graph.clouds import Cloud
    from shared.adapters.servicebus.namespace import Namespace
    from shared.adapters.tables.store import TableStore
    from shared.application.ports.clock import Clock
    from shared.domain.ids import CaseId
    from shared.settings import Settings


_LONG_PAGE: Final = timedelta(seconds=25)
"""How long Graph may take for a page of 999 people; a message is worked on for five minutes."""
_MANY_ATTEMPTS: Final = 8
"""So that what takes twenty requests can be read though half of all requests are throttled."""
_LONG_WAITING: Final = timedelta(seconds=10)
"""For each of them; all together stay within the time for which a message is worked on."""


class Connections:
    """Connections, opened when they are first used."""

    def __init__(self, settings: "Settings", ports: "Mapping[str, object]") -> None:
        self.settings = settings
        known = {name for cls in type(self).__mro__ for name in vars(cls)}
        if unknown := ports.keys() - known:
            raise TypeError(f"There are no such ports: {', '.join(sorted(unknown))}.")
        # A cached property yields to what stands in the instance already.
        vars(self).update(ports)

    @cached_property
    def clock(self) -> "Clock":
        from shared.adapters.system_clock import SystemClock

        return SystemClock()

    @cached_property
    def monotonic(self) -> "Callable[[], float]":
        return time.monotonic

    @cached_property
    def new_case_id(self) -> "Callable[[], CaseId]":
        from shared.domain.ids import CaseId

        return lambda: CaseId(secrets.token_hex(16))

    @cached_property
    def table_store(self) -> "TableStore":
        from shared.adapters.tables.store import TableStore

        if self.settings.tables_connection_string is not None:
            return TableStore.from_connection_string(self.settings.tables_connection_string)
        return TableStore(self.settings.tables_endpoint or "", self.credential)

    @cached_property
    def namespace(self) -> "Namespace":
        from shared.adapters.servicebus.namespace import Namespace

        if self.settings.service_bus_connection_string is not None:
            return Namespace.from_connection_string(self.settings.service_bus_connection_string)
        return Namespace.from_host(self.settings.service_bus_namespace or "", self.credential)

    @cached_property
    def graph(self) -> "GraphClient":
        from shared.adapters.graph.client import GraphClient

        return GraphClient(
            self.credential,
            root=self.settings.graph_base_url or self.cloud.graph_root,
            scope=self.cloud.scope,
            clock=self.clock,
            timeout=self.settings.graph_timeout,
        )

    @cached_property
    def patient_graph(self) -> "GraphClient":
        """Waits for long pages, and while Graph throttles: nobody waits for its answers."""
        from shared.adapters.graph.client import GraphClient

        return GraphClient(
            self.credential,
            root=self.graph.root,
            scope=self.cloud.scope,
            clock=self.clock,
            timeout=max(self.settings.graph_timeout, _LONG_PAGE),
            attempts=_MANY_ATTEMPTS,
            waiting=_LONG_WAITING,
        )

    @cached_property
    def exchange(self) -> "ExchangeClient":
        from shared.adapters.exchange.client import ExchangeClient

        return ExchangeClient(
            self.credential,
            # The local stack plays both at one address.
            root=self.settings.graph_base_url or self.cloud.exchange_root,
            scope=self.cloud.exchange_scope,
            tenant=self.settings.tenant_id,
            timeout=self.settings.graph_timeout,
        )

    @cached_property
    def credential(self) -> "AsyncTokenCredential":
        from shared.adapters.identity import IdentityKind, open_credential

        return open_credential(
            IdentityKind(self.settings.identity),
            client_id=self.settings.client_id,
            authority=self.cloud.authority,
        )

    @cached_property
    def cloud(self) -> "Cloud":
        from shared.adapters.graph.clouds import CLOUDS

        return CLOUDS[self.settings.cloud]

    async def close(self) -> None:
        """Close every connection that was opened."""
        for name in (
            "exchange",
            "graph",
            "patient_graph",
            "namespace",
            "table_store",
            "credential",
        ):
            if name in vars(self):
                await vars(self)[name].close()
