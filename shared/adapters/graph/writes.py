"""Changes of people, written to Microsoft Graph."""

from typing import assert_never

import msgspec

from shared.adapters.graph.calls import SET_MFA_STATE
from shared.adapters.graph.client import GraphClient
from shared.application.ports.leases import Lease
from shared.domain.control import Capability
from shared.domain.effects import Effect, SetMfaState
from shared.domain.errors import MalformedAnswer
from shared.domain.ids import UserId


class GraphWrites:
    """The port `DirectoryWrites` on Microsoft Graph: one request per effect, no guard of its own.

    Bootstrap wraps it in `GuardedWrites`; nothing else may hold it.
    """

    def __init__(self, client: GraphClient) -> None:
        self._client = client

    async def write(
        self,
        user: UserId,
        effect: Effect,
        *,
        capability: Capability,  # noqa: ARG002  (the guard around this has read its row)
        lease: Lease,  # noqa: ARG002  (the guard around this has confirmed it)
        approved: bool = False,  # noqa: ARG002  (the guard around this has ruled)
    ) -> None:
        """Ask for an effect."""
        match effect:
            case SetMfaState(state=state):
                # `PATCH /beta/users/{id}/authentication/requirements`
                body = msgspec.json.encode({"perUserMfaState": state.value})
                answer = await self._client.send(SET_MFA_STATE, {"user": user}, body)
            case _:
                assert_never(effect)
        _check(effect.action, answer)


def _check(action: str, answer: bytes) -> None:
    """See that the answer to a write is Graph's.

    204 has no body. One that can't be read is not Graph's, so the write may never have reached it.

    Raises:
        MalformedAnswer: it is none.
    """
    if not answer:
        return
    try:
        msgspec.json.decode(answer)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise MalformedAnswer(f"{action}: the answer is not Graph's.") from error
