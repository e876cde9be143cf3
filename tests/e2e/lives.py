"""Lives of cases: told in chapters, each of which something begins in the world."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import httpx

from tests.e2e.company import Company, Json
from tests.e2e.waiting import eventually


@dataclass
class Life:
    """A person, the event that announces them, and the event's case."""

    person: Json
    event: Json
    case_id: str = ""

    @property
    def user(self) -> str:
        """The person's object id."""
        return str(self.person["id"])

    async def announce(self, company: Company) -> None:
        """Deliver the event until it is taken; a host that was killed is no answer."""
        self.case_id = await company.insist(self.event, answered_within=60)

    async def approve(self, company: Company) -> None:
        """Agree to the plan until it is approved; a host that was killed is no answer."""
        agreed = {"planHash": (await company.case(self.case_id))["planHash"]}

        async def approved() -> bool:
            path = f"cases/{self.case_id}/approve"
            try:
                answer = await company.as_person("Approver", "POST", path, agreed)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                return False
            if answer.status_code == 409 and "It was approved already" in answer.text:
                return True
            assert answer.status_code in {200, 503}, answer.text
            return answer.status_code == 200

        await eventually(approved, f"case {self.case_id} is approved")


SomeLife = TypeVar("SomeLife", bound=Life)
Happening = Callable[[Life, Company], Awaitable[object]]
Truth = Callable[[Life], Awaitable[Json]]
"""Reads what is true of a life's person."""


def of(
    kind: type[SomeLife], happens: Callable[[SomeLife, Company], Awaitable[object]]
) -> Happening:
    """What happens to lives of one kind, as it happens to any life."""

    async def happening(life: Life, company: Company) -> None:
        assert isinstance(life, kind)
        await happens(life, company)

    return happening


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """Something happens, and the app does what follows from it.

    Attributes:
        happens: what happens to each person.
        passes: how many seconds of the stack's time pass then, for all of them.
        rests: the state in which the case rests at last.
    """

    happens: Happening | None = None
    passes: float = 0
    rests: str


async def truth_of(company: Company, life: Life, groups: Sequence[str]) -> Json:
    """What is true of a person: their state, their methods, and which of these groups they are in.

    Args:
        groups: their object ids.
    """
    person = await company.truth(life.user)
    found = [await company.sim("GET", f"groups/{group}") for group in groups]
    return {
        "state": person["perUserMfaState"],
        "methods": sorted(method["@odata.type"] for method in person["methods"]),
        "member": [life.user in group["members"] for group in found],
    }
