"""Writes of the per-user MFA state, to Microsoft Graph."""

import msgspec

from shared.adapters.graph.calls import SET_MFA_STATE
from shared.adapters.graph.client import GraphClient
from shared.application.ports.leases import Lease
from shared.domain.authentication import PerUserMfaState
from shared.domain.control import Capability
from shared.domain.errors import MalformedAnswer
from shared.domain.ids import UserId


class GraphMfaStates:
    """The `MfaStates` port on Microsoft Graph: one request per write, and no guard of its own.

    Bootstrap wraps it in `GuardedMfaStates`; nothing else may hold it.
    """

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    async def set_mfa_state(
        self,
        user: UserId,
        state: PerUserMfaState,
        *,
        capability: Capability,  # noqa: ARG002  (the guard around this has read its control row)
        lease: Lease,  # noqa: ARG002  (the guard around this has confirmed it)
    ) -> None:
        """Ask for a new state. `PATCH /beta/users/{id}/authentication/requirements`."""
        body = msgspec.json.encode({"perUserMfaState": state.value})
        answer = await self._client.send(SET_MFA_STATE, {"user": user}, body)
        if answer:
            # 204 has no body. One that can't be read is not Graph's, so the write may never have
            # reached it.
            try:
                msgspec.json.decode(answer)
            except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
                raise MalformedAnswer("mfa-state.write: the answer is not Graph's.") from error
