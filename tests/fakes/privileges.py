"""Who is privileged, in memory."""

from shared.domain.authentication import Unknown
from shared.domain.errors import LifecycleError
from shared.domain.ids import UserId
from shared.domain.people.standing import Privilege


class FakePrivileges:
    """The port `Privileges`.

    Attributes:
        held: who is privileged and by what; everybody else is not.
        troubles: what the next calls raise, in order.
        asked: about whom it was asked, in order.
    """

    def __init__(self) -> None:
        self.held: dict[UserId, Privilege | Unknown] = {}
        self.troubles: list[LifecycleError] = []
        self.asked: list[UserId] = []

    async def privilege(self, user: UserId) -> Privilege | Unknown:
        """By what a person is privileged."""
        self.asked.append(user)
        if self.troubles:
            raise self.troubles.pop(0)
        return self.held.get(user, Privilege.NONE)
