"""Read cases: one, or a list."""

from dataclasses import dataclass

from shared.application.ports.cases import CaseLists, Cases, Page, StoredCase
from shared.domain.cases import CaseState
from shared.domain.errors.requests import InvalidRequest, NotFound
from shared.domain.ids import CaseId, UserId, is_case_id, is_object_id
from shared.domain.plans import CaseKind


@dataclass(frozen=True, slots=True)
class ReadCase:
    """Reads one case."""

    cases: Cases

    async def __call__(self, case_id: CaseId) -> StoredCase:
        """The case.

        Raises:
            NotFound: there is no such case.
        """
        stored = await self.cases.load(case_id) if is_case_id(case_id) else None
        if stored is None:
            raise NotFound("There is no case of this id.")
        return stored


@dataclass(frozen=True, slots=True)
class ListCases:
    """Lists cases without scanning them."""

    lists: CaseLists

    async def __call__(
        self, *, user: str | None, kind: str | None, state: str | None, token: str | None
    ) -> Page:
        """The cases of a person, or those in a state; without either, all of them.

        Raises:
            InvalidRequest: a filter has a value that it can't have.
        """
        if kind is not None and kind not in set(CaseKind):
            raise InvalidRequest(f"kind must be one of {', '.join(CaseKind)}.")
        if state is not None and state not in set(CaseState):
            raise InvalidRequest(f"state must be one of {', '.join(CaseState)}.")
        if user is None:
            states = frozenset(CaseState) if state is None else frozenset({CaseState(state)})
            return _narrowed(await self.lists.in_states(states, token), kind, state)
        if not is_object_id(user):
            raise InvalidRequest(
                "user must be an object id; sign-in names don't go into addresses."
            )
        page = await self.lists.of_user(UserId(user.lower()), token)
        return _narrowed(page, kind, state)


def _narrowed(page: Page, kind: str | None, state: str | None) -> Page:
    """The page without what was not asked for; before the last it may be short, or empty."""
    return Page(
        cases=tuple(
            line for line in page.cases if kind in {None, line.kind} and state in {None, line.state}
        ),
        next_token=page.next_token,
    )
