"""What no list tells of people, from Microsoft Graph: twenty of them in a request."""

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from shared.adapters.graph.answers import Page, RequirementsAnswer, read_answer
from shared.adapters.graph.calls.batched import METHODS, STATES, Batched
from shared.adapters.graph.sweep.answers import MethodAnswer
from shared.adapters.graph.sweep.batches import Batches
from shared.adapters.graph.sweep.methods import registered
from shared.domain.authentication import PerUserMfaState, Unknown
from shared.domain.errors import LifecycleError
from shared.domain.errors.directory import AccountNotVisible, MalformedAnswer
from shared.domain.ids import UserId
from shared.domain.sweep.rows import RegistrationRow

Found = TypeVar("Found")


class GraphOneByOne:
    """The port `OneByOne`. Both reads are beta's: v1.0 knows no state, and not all methods."""

    def __init__(self, batches: Batches) -> None:
        self._batches = batches

    async def states(self, users: Sequence[UserId]) -> Mapping[UserId, PerUserMfaState | Unknown]:
        """`GET /beta/users/{id}/authentication/requirements`, in batches."""

        def read(_: UserId, body: bytes) -> PerUserMfaState | Unknown:
            told = read_answer(body, RequirementsAnswer).per_user_mfa_state
            if told is None:
                return Unknown("Graph's answer holds no per-user MFA state.")
            try:
                return PerUserMfaState(told.lower())
            except ValueError:
                return Unknown("Graph's answer holds a per-user MFA state that we don't know.")

        return await self._read(STATES, users, read)

    async def methods(self, users: Sequence[UserId]) -> Mapping[UserId, RegistrationRow | Unknown]:
        """`GET /beta/users/{id}/authentication/methods`, in batches."""

        def read(user: UserId, body: bytes) -> RegistrationRow | Unknown:
            page = read_answer(body, Page[MethodAnswer])
            if page.next_link is not None:
                return Unknown("They have more methods than one page holds.")
            return registered(user, page.value)

        return await self._read(METHODS, users, read)

    async def _read(
        self,
        what: Batched,
        users: Sequence[UserId],
        read: Callable[[UserId, bytes], Found | Unknown],
    ) -> dict[UserId, Found | Unknown]:
        found: dict[UserId, Found | Unknown] = {}
        for name, answer in (await self._batches.read(what, users)).items():
            user = UserId(name)
            match answer:
                case AccountNotVisible():
                    continue
                case LifecycleError():
                    found[user] = Unknown(answer.detail)
                case _:
                    try:
                        found[user] = read(user, answer)
                    except MalformedAnswer as error:
                        found[user] = Unknown(error.detail)
        return found
