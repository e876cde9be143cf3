"""The Global Administrators, in memory."""

from shared.domain.ids import UserId
from shared.domain.people.administrators import Administrator


class FakeAdministrators:
    """The port `Administrators`.

    Attributes:
        all: who they are, by object id in small letters.
    """

    def __init__(self, *administrators: Administrator) -> None:
        self.all = {one.user_id.casefold(): one for one in administrators}

    async def beside(self, target: UserId) -> tuple[Administrator, ...]:
        """The administrators; nobody, where the target is none."""
        return tuple(self.all.values()) if target.casefold() in self.all else ()
