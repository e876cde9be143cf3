"""What people are to the guards, in memory."""

from shared.application.ports.directory import Directory
from shared.domain.accounts import Account, NoAccount
from shared.domain.authentication import Unknown
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.ids import UserId
from shared.domain.people.rulings import Impact
from shared.domain.people.standing import Privilege, Standing, standing_of


class FakeStandings:
    """The port `Standings`.

    Args:
        directory: reads accounts that nobody has in hand.

    Attributes:
        protected: the break-glass accounts.
        privileged: who is privileged and by what; everybody else is not.
    """

    def __init__(self, directory: Directory) -> None:
        self._directory = directory
        self.protected: set[UserId] = set()
        self.privileged: dict[UserId, Privilege | Unknown] = {}

    async def standing(
        self,
        person: Account | UserId,
        impact: Impact,  # noqa: ARG002  (everything is told)
        *,
        last_attempt: bool = False,  # noqa: ARG002  (nothing fails)
    ) -> Standing:
        """The standing of a person."""
        account: Account | NoAccount
        if isinstance(person, Account):
            account = person
        else:
            account = await self._directory.find_account(person)
        if isinstance(account, NoAccount):
            raise AccountNotVisible("The fake has no such person.")
        return standing_of(
            account,
            protected=account.user_id in self.protected,
            excluded=False,
            privilege=self.privileged.get(account.user_id, Privilege.NONE),
        )
