"""`POST /adminapi/beta/{tenant}/InvokeCommand`: from a request to an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from local.graph.api.errors import GraphError
from local.graph.api.messages import Caller, GraphAnswer
from local.graph.exchange.cmdlets import run
from local.graph.exchange.refusals import (
    AdminError,
    bad_request,
    forbidden,
    not_modelled,
    role_missing,
    unauthorized,
)
from local.graph.identity import EXCHANGE_AUDIENCES, MANAGE_AS_APP, Identities
from local.graph.tenant.tenant import Tenant

ROOT = "adminapi"
TEMPLATE = "/adminapi/beta/{tenant}/InvokeCommand"
_COMMAND = (ROOT, "beta", "InvokeCommand")
_CONTEXT = (
    "https://outlook.office.com/adminapi/beta/{}/$metadata#Collection(Exchange.GenericHashTable)"
)


class _Cmdlet(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="pascal"):
    cmdlet_name: str
    parameters: dict[str, Any] = {}


class _Command(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="pascal"):
    cmdlet_input: _Cmdlet


@dataclass(frozen=True)
class AdminRequest:
    """One request.

    Attributes:
        segments: the path, percent-decoded segment by segment.
        headers: header names in lower case.
    """

    method: str
    segments: tuple[str, ...]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes

    @property
    def cmdlet(self) -> str:
        """The cmdlet that it names; `unknown` where it names none."""
        try:
            return self.command().cmdlet_input.cmdlet_name
        except AdminError:
            return "unknown"

    def command(self) -> _Command:
        """The body.

        Raises:
            AdminError: 400.
        """
        if self.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
            raise bad_request("The content type must be application/json.")
        try:
            return msgspec.json.decode(self.body, type=_Command)
        except msgspec.MsgspecError as error:
            raise bad_request(str(error)) from error


class ExchangeService:
    """Runs cmdlets on one tenant's mailboxes.

    Args:
        identities: check the tokens, which must be for Exchange.
    """

    def __init__(self, tenant: Tenant, identities: Identities) -> None:
        self._tenant = tenant
        self._identities = identities

    def app_id(self, request: AdminRequest) -> str | None:
        """The application that sends a request; None where its token is none for Exchange."""
        try:
            return self._caller(request).app_id
        except AdminError:
            return None

    def answer(self, request: AdminRequest) -> GraphAnswer:
        """Run a cmdlet; a refusal is an answer too."""
        try:
            return self._answered(request)
        except AdminError as error:
            return GraphAnswer(error.status, error.body, error.headers)

    def _answered(self, request: AdminRequest) -> GraphAnswer:
        caller = self._caller(request)
        if MANAGE_AS_APP not in caller.roles:
            raise unauthorized()
        if not self._tenant.switches.exchange_role_assigned:
            raise role_missing(caller.app_id)
        *before, where, command = request.segments if len(request.segments) > 1 else ("", "")
        if (*before, command) != _COMMAND:
            raise AdminError(404)
        if request.method != "POST":
            raise AdminError(405)
        if request.query:
            raise not_modelled("query options of cmdlets")
        if where.casefold() not in self._names():
            raise forbidden("The tenant of the token is not the tenant of the address.")
        wanted = request.command().cmdlet_input
        done = run(self._tenant, wanted.cmdlet_name, wanted.parameters)
        body = {
            "@odata.context": _CONTEXT.format(where),
            "adminapi.warnings@odata.type": "#Collection(String)",
            "@adminapi.warnings": done.warnings,
            "value": done.rows,
        }
        return GraphAnswer(200, body, writes=done.writes)

    def _caller(self, request: AdminRequest) -> Caller:
        try:
            return self._identities.caller(
                request.headers.get("authorization"), audience=EXCHANGE_AUDIENCES
            )
        except GraphError as error:
            raise unauthorized() from error

    def _names(self) -> set[str]:
        """What the tenant is called in addresses: its id and its verified domains."""
        organization = self._tenant.organization
        domains = {domain.id for domain in organization.domains if domain.is_verified}
        return {organization.id.casefold(), *domains}
