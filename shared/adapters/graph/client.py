"""One connection to Microsoft Graph: the SDK's request adapter, raw bytes, bounded retries."""

import asyncio
import logging
import random
from collections.abc import Mapping
from datetime import timedelta
from typing import Final, Self
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError
from kiota_abstractions.native_response_handler import NativeResponseHandler
from kiota_abstractions.request_information import RequestInformation
from kiota_http.middleware.options import (
    RedirectHandlerOption,
    ResponseHandlerOption,
    RetryHandlerOption,
)
from msgraph.graph_request_adapter import GraphRequestAdapter
from msgraph_core import GraphClientFactory
from msgraph_core.authentication import (
    AzureIdentityAuthenticationProvider,
)

from shared.adapters.graph.calls.call import Call, literal
from shared.adapters.graph.refusals import refusal, request_id, retry_after
from shared.application.ports.clock import Clock
from shared.domain.errors.directory import DirectoryUnavailable, MalformedAnswer
from shared.telemetry import EventLog

DEFAULT_TIMEOUT: Final = timedelta(seconds=10)

_ATTEMPTS: Final = 3
_WAITING: Final = timedelta(seconds=2)
_FIRST_PAUSE: Final = 0.4
_WRITE_LIMIT: Final = 4.0
"""Seconds for a write. With the age of the mode that permitted it (3) and the confirmation of the
lease (2) a stop holds within ten."""
_TRY_AGAIN: Final = frozenset({429, 503, 504})

_log = EventLog(__name__)


class GraphClient:
    """Sends calls to Microsoft Graph and hands back the bytes of the answer.

    This is the only layer that tries a Graph read again: on 429, 503 and 504. A write is sent once;
    its guard has to look before the next one. The SDK's own retries are off: they would repeat the
    same `client-request-id`, wait for minutes and multiply ours.

    Args:
        credential: who we are. The caller closes it.
        root: where Graph answers, without a version; http only on 127.0.0.1, ::1 and localhost.
        scope: what tokens are asked for.
        clock: waits between attempts.
        timeout: for one attempt, the token included.
        attempts: how often one read is sent at most.
        waiting: how long is waited between its attempts, taken together; whatever needs longer is
            deferred.

    Attributes:
        root: where Graph answers, without a version and without a slash at the end.
    """

    def __init__(
        self,
        credential: AsyncTokenCredential,
        *,
        root: str,
        scope: str,
        clock: Clock,
        timeout: timedelta = DEFAULT_TIMEOUT,
        attempts: int = _ATTEMPTS,
        waiting: timedelta = _WAITING,
    ) -> None:
        self._credential = credential
        self._scope = scope
        self._clock = clock
        self._timeout = timeout.total_seconds()
        self._attempts = attempts
        self._waiting = waiting.total_seconds()
        self.root = root.rstrip("/")
        self._origin = urlsplit(root)[:2]
        # httpx logs whole addresses at info level, and with them sign-in names.
        logging.getLogger("httpx").setLevel(logging.WARNING)
        # msgraph-core 1.5 wraps the transport in one without `aclose`: we close our own.
        self._transport = httpx.AsyncHTTPTransport(http2=True)
        http = GraphClientFactory.create_with_default_middleware(
            client=httpx.AsyncClient(transport=self._transport, timeout=self._timeout),
            options={
                RetryHandlerOption.get_key(): RetryHandlerOption(max_retries=0, should_retry=False),
                RedirectHandlerOption.get_key(): RedirectHandlerOption(should_redirect=False),
            },
        )
        self._adapter = GraphRequestAdapter(
            AzureIdentityAuthenticationProvider(
                credential, scopes=[scope], allowed_hosts=[urlsplit(root).hostname or ""]
            ),
            http,
        )
        self._adapter.base_url = self.root
        # Otherwise the SDK's traces hold whole addresses too.
        self._adapter.observability_options.include_euii_attributes = False

    def is_own(self, link: str) -> bool:
        """Whether an address is on the Graph that we talk to; a token goes nowhere else."""
        return urlsplit(link)[:2] == self._origin

    async def send(
        self, call: Call, values: Mapping[str, str], content: bytes | None = None
    ) -> bytes:
        """Make a call.

        Args:
            call: which.
            values: what fills its template.
            content: a JSON body.

        Raises:
            Throttled: Graph asks for a longer pause than we wait here.
            DirectoryUnavailable: no answer in time, a broken connection, a server error, or Graph
                does not accept our identity's tokens.
            MalformedAnswer: the answer is not one of Graph's.
            PermissionMissing: our identity lacks the application role of this call.
            AccountNotVisible: Graph knows no such object.
            RequestRejected: any other refusal.
        """
        waited = 0.0
        attempts = 1 if call.writes else self._attempts
        for attempt in range(1, attempts + 1):
            response = await self._attempt(call, values, content, attempt)
            if response.status_code in call.success:
                return response.content
            pause = _pause(response, attempt)
            if pause is None or attempt == attempts or waited + pause > self._waiting:
                break
            await self._clock.sleep(pause)
            waited += pause
        raise refusal(call, response)

    async def _attempt(
        self, call: Call, values: Mapping[str, str], content: bytes | None, attempt: int
    ) -> httpx.Response:
        try:
            limit = min(self._timeout, _WRITE_LIMIT) if call.writes else self._timeout
            async with asyncio.timeout(limit):
                response = await self._exchange(call, values, content, attempt, token=None)
                if response.status_code == httpx.codes.UNAUTHORIZED and not _challenged(response):
                    fresh = await self._fresh_token()
                    response = await self._exchange(call, values, content, attempt, token=fresh)
                return response
        except httpx.DecodingError as error:
            raise MalformedAnswer(f"{call.operation}: the answer's encoding is broken.") from error
        except (httpx.TransportError, TimeoutError) as error:
            raise DirectoryUnavailable(
                f"{call.operation}: no answer from Graph ({type(error).__name__})."
            ) from error
        except ValueError as error:
            # The SDK decodes a claims challenge without looking at it first.
            raise MalformedAnswer(f"{call.operation}: a challenge that can't be read.") from error
        except AzureError as error:
            raise DirectoryUnavailable(
                f"{call.operation}: no token for Graph ({type(error).__name__})."
            ) from error

    async def _exchange(
        self,
        call: Call,
        values: Mapping[str, str],
        content: bytes | None,
        attempt: int,
        *,
        token: str | None,
    ) -> httpx.Response:
        request = RequestInformation(call.method, call.template, dict(values))
        if call.select:
            request.query_parameters["%24select"] = list(call.select)
        if call.filter is not None:
            given = {name: literal(value) for name, value in values.items()}
            request.query_parameters["%24filter"] = call.filter.format_map(given)
        if call.top is not None:
            request.query_parameters["%24top"] = str(call.top)
        client_request_id = str(uuid4())
        request.headers.add("client-request-id", client_request_id)
        usual = {"Accept": "application/json", "x-ms-throttle-priority": "normal"}
        for name, value in {**usual, **dict(call.headers)}.items():
            request.headers.add(name, value)
        if token is not None:
            request.headers.add("Authorization", f"Bearer {token}")
        if content is not None:
            request.set_stream_content(content, "application/json")
        request.add_request_options([ResponseHandlerOption(NativeResponseHandler())])
        response = await self._adapter.send_primitive_async(request, "bytes", None)
        if not isinstance(response, httpx.Response):
            raise TypeError("The SDK's native response handler did not hand the response over.")
        _log.info(
            "graph.request",
            operation=call.operation,
            status=response.status_code,
            attempt=attempt,
            request_id=request_id(response),
            client_request_id=client_request_id,
        )
        return response

    async def _fresh_token(self) -> str:
        # Asking with claims makes azure-identity pass over its cache.
        return (await self._credential.get_token(self._scope, claims="{}")).token

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def _challenged(response: httpx.Response) -> bool:
    """Whether Graph sent a claims challenge; the SDK has then tried a new token already."""
    return 'claims="' in response.headers.get("WWW-Authenticate", "")


def _pause(response: httpx.Response, attempt: int) -> float | None:
    if response.status_code not in _TRY_AGAIN:
        return None
    asked = retry_after(response)
    if asked is not None:
        return asked.total_seconds()
    jitter = random.uniform(0.5, 1.0)  # noqa: S311  (no secret hangs on it)
    return _FIRST_PAUSE * attempt * jitter
