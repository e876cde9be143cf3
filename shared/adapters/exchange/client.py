"""One connection to Exchange Online's administration interface, which runs cmdlets.

It is what Microsoft's own PowerShell module speaks. Microsoft documents the cmdlets and the
permissions, and not the interface: https://learn.microsoft.com/powershell/exchange/app-only-auth-powershell-v2
"""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final, Self
from urllib.parse import quote

import httpx
import msgspec
from azure.core.credentials_async import AsyncTokenCredential
from azure.core.exceptions import AzureError

from shared.domain.errors.mailboxes import MailboxesUnavailable, MailboxRefused
from shared.telemetry import EventLog

ROLE: Final = "Exchange.ManageAsApp"

_ATTEMPTS: Final = 2
"""Of a read that got no answer; a write is sent once."""
_REFUSED: Final = frozenset({httpx.codes.UNAUTHORIZED, httpx.codes.FORBIDDEN})
_NO_OBJECT: Final = "managementobjectnotfoundexception"
_LONGEST_RETRY_AFTER: Final = 86_400
_log = EventLog(__name__)


class NoSuchObjectError(Exception):
    """Exchange Online answered that it has no such object."""


class _Answer(msgspec.Struct):
    value: list[dict[str, Any]] = []


class _Detail(msgspec.Struct):
    message: str = ""


class _Problem(msgspec.Struct):
    message: str = ""
    details: list[_Detail] = []


class _ErrorAnswer(msgspec.Struct):
    error: _Problem


class ExchangeClient:
    """Runs cmdlets.

    Args:
        credential: who we are. The caller closes it.
        root: where Exchange Online answers.
        scope: what tokens are asked for.
        tenant: the tenant's id.
        timeout: for one attempt, the token included.
    """

    def __init__(
        self,
        credential: AsyncTokenCredential,
        *,
        root: str,
        scope: str,
        tenant: str,
        timeout: timedelta = timedelta(seconds=10),
    ) -> None:
        self._credential = credential
        self._scope = scope
        self._timeout = timeout.total_seconds()
        self._address = f"{root.rstrip('/')}/adminapi/beta/{quote(tenant)}/InvokeCommand"
        self._http = httpx.AsyncClient(timeout=self._timeout, trust_env=False)

    async def run(
        self, cmdlet: str, identity: str, *, writes: bool = False, **parameters: bool
    ) -> list[Mapping[str, Any]]:
        """Run a cmdlet on one object; what it answers with.

        Raises:
            NoSuchObjectError: there is no such object.
            MailboxRefused: our identity may not.
            MailboxesUnavailable: no answer in time, or none that can be read.
        """
        body = {
            "CmdletInput": {
                "CmdletName": cmdlet,
                "Parameters": {"Identity": identity, **parameters},
            }
        }
        for attempt in range(1, _ATTEMPTS + 1):
            last = writes or attempt == _ATTEMPTS
            try:
                async with asyncio.timeout(self._timeout):
                    response = await self._send(identity, body)
            except (httpx.HTTPError, TimeoutError, AzureError) as error:
                if last:
                    trouble = f"{cmdlet}: no answer ({type(error).__name__})."
                    raise MailboxesUnavailable(trouble) from error
                continue
            _log.info("exchange.request", cmdlet=cmdlet, status=response.status_code)
            if not response.is_server_error or last:
                return _answer(cmdlet, response)
        raise AssertionError("The last attempt returns or raises.")

    async def _send(self, identity: str, body: object) -> httpx.Response:
        token = (await self._credential.get_token(self._scope)).token
        return await self._http.post(
            self._address,
            content=msgspec.json.encode(body),
            headers={
                "Authorization": f"Bearer {token}",
                "Content-Type": "application/json; charset=utf-8",
                "Accept": "application/json",
                # Which server answers: the one that has the mailbox.
                "X-AnchorMailbox": identity,
                "parameter-based-routing": "true",
            },
        )

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()


def _answer(cmdlet: str, response: httpx.Response) -> list[Mapping[str, Any]]:
    """The objects in an answer. Exchange's own words stay out of errors: they repeat names."""
    status = response.status_code
    where = f"{cmdlet}: Exchange Online answered {status}"
    if status in _REFUSED:
        raise MailboxRefused(f"{where}. Needed: the role {ROLE}, and an Exchange role.")
    if status == httpx.codes.NOT_FOUND and _names_no_object(response.content):
        raise NoSuchObjectError
    if status == httpx.codes.TOO_MANY_REQUESTS:
        raise MailboxesUnavailable(f"{where}.", retry_after=_retry_after(response))
    if response.is_client_error:
        raise MailboxRefused(f"{where}.")
    if not response.is_success:
        raise MailboxesUnavailable(f"{where}.", retry_after=_retry_after(response))
    try:
        return list(msgspec.json.decode(response.content or b"{}", type=_Answer).value)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MailboxesUnavailable(f"{where} what can't be read.") from error


def _names_no_object(content: bytes) -> bool:
    """Whether a 404 is about the object, and not about the address.

    Exchange's exception is `ManagementObjectNotFoundException`; it stands in the details.
    """
    try:
        said = msgspec.json.decode(content, type=_ErrorAnswer).error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    words = [said.message, *(detail.message for detail in said.details)]
    return any(_NO_OBJECT in one.casefold() for one in words)


def _retry_after(response: httpx.Response) -> timedelta | None:
    value = response.headers.get("Retry-After", "")
    if not (value.isascii() and value.isdigit()):
        return None
    return timedelta(seconds=min(int(value[:9]), _LONGEST_RETRY_AFTER))
