"""Whether people can sign in, from Microsoft Graph."""

from datetime import UTC, datetime

from shared.adapters.graph.answers import SignInStateAnswer, read_answer
from shared.adapters.graph.audits import GraphAudits
from shared.adapters.graph.calls.people import READ_SIGN_IN_STATE
from shared.adapters.graph.client import GraphClient
from shared.domain.accounts import BlockedBy, NoAccount, SignInState
from shared.domain.authentication import Unknown
from shared.domain.errors.directory import AccountNotVisible
from shared.domain.ids import UserId


class GraphSignIns:
    """The port `SignIns` on Microsoft Graph."""

    def __init__(self, client: GraphClient, audits: GraphAudits) -> None:
        self._client = client
        self._audits = audits

    async def state(self, user: UserId) -> SignInState | NoAccount:
        """Whether they can sign in. `GET /v1.0/users/{id}?$select=accountEnabled,...`."""
        try:
            body = await self._client.send(READ_SIGN_IN_STATE, {"user": user})
        except AccountNotVisible:
            return NoAccount()
        read = read_answer(body, SignInStateAnswer)
        changed = read.last_password_change_date_time
        return SignInState(
            open=read.account_enabled,
            password_changed_at=None if changed is None else changed.astimezone(UTC),
        )

    async def blocked_by(
        self, user: UserId, since: datetime, until: datetime | None = None
    ) -> BlockedBy | Unknown:
        """Who has blocked the account since then, by the audit log."""
        return await self._audits.blocked_by(user, since, until)
