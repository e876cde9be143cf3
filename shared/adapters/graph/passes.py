"""Temporary Access Passes, made and removed in Microsoft Graph."""

from datetime import datetime, timedelta
from typing import Final

import msgspec

from shared.adapters.graph.calls.methods import CREATE_PASS, DELETE_PASS
from shared.adapters.graph.client import GraphClient
from shared.application.ports.leases import Lease
from shared.domain.budgets.flows import Spender
from shared.domain.control import Capability
from shared.domain.errors.directory import AccountNotVisible, MalformedAnswer
from shared.domain.ids import UserId
from shared.domain.passes.given import GivenPass
from shared.domain.passes.methods_policy import PassTerms
from shared.domain.people.rulings import Impact
from shared.domain.secret import Secret

_NOT_YET: Final = "NotYetValid"
"""Graph's reason where its clock is a little ahead of the moment from which the pass is valid."""


class _PassAnswer(msgspec.Struct, rename="camel"):
    temporary_access_pass: Secret
    start_date_time: datetime
    lifetime_in_minutes: int
    is_usable_once: bool
    is_usable: bool
    method_usability_reason: str | None = None


class GraphPasses:
    """The port `Passes` on Microsoft Graph: one request each, no guard of its own.

    Bootstrap wraps it in `GuardedPasses`; nothing else may hold it.
    """

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    async def create(
        self,
        user: UserId,
        terms: PassTerms,
        *,
        impact: Impact,  # noqa: ARG002  (the guard around this has ruled by it)
        approved: bool,  # noqa: ARG002  (the guard around this has judged it)
        capability: Capability,  # noqa: ARG002  (the guard around this has read its row)
        lease: Lease,  # noqa: ARG002  (the guard around this has confirmed it)
        spender: Spender,  # noqa: ARG002  (budgets count by it)
    ) -> GivenPass:
        """Have a pass made. `POST /v1.0/users/{id}/authentication/temporaryAccessPassMethods`."""
        wanted = {
            "lifetimeInMinutes": int(terms.lifetime.total_seconds() // 60),
            "isUsableOnce": terms.usable_once,
        }
        body = await self._client.send(CREATE_PASS, {"user": user}, msgspec.json.encode(wanted))
        made = _read(body)
        lasting = timedelta(minutes=made.lifetime_in_minutes)
        fine = made.is_usable or made.method_usability_reason == _NOT_YET
        return GivenPass(
            value=made.temporary_access_pass,
            starts_at=made.start_date_time,
            expires_at=made.start_date_time + lasting,
            usable_once=made.is_usable_once,
            unusable=None if fine else made.method_usability_reason or "no reason given",
        )

    async def delete(
        self,
        user: UserId,
        method_id: str,
        *,
        capability: Capability,  # noqa: ARG002  (the guard around this has read its row)
        lease: Lease,  # noqa: ARG002  (the guard around this has confirmed it)
    ) -> None:
        """Have a pass removed. `DELETE .../temporaryAccessPassMethods/{id}`."""
        try:
            await self._client.send(DELETE_PASS, {"user": user, "pass": method_id})
        except AccountNotVisible:
            return  # It is gone already, or the person is. Whoever asked looks again.


def _read(body: bytes) -> _PassAnswer:
    """The pass in an answer.

    Raises:
        MalformedAnswer: there is none, or it can't be read. No part of the body is repeated.
    """
    try:
        made = msgspec.json.decode(body, type=_PassAnswer, dec_hook=_secret)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedAnswer(f"pass.create: no pass ({type(error).__name__}).") from None
    if made.start_date_time.tzinfo is None:
        raise MalformedAnswer("pass.create: the pass begins at a time without an offset.")
    return made


def _secret(kind: type, value: object) -> Secret:
    if kind is not Secret or not isinstance(value, str) or not value:
        raise ValueError("not the text of a secret")
    return Secret(value)
