"""Whoever tells the app something: the HR system, and the desk that takes tickets."""

import json
import uuid
from datetime import UTC, datetime
from typing import Final

import httpx
from standardwebhooks.webhooks import Webhook

from local.stack.environment import HR_SOURCE, TICKET_SOURCE
from tests.e2e.app_caller import AppCaller
from tests.e2e.tenant import Json
from tests.e2e.waiting import eventually

ANSWER_SECONDS: Final = 3.0
"""A webhook is answered within this time, whatever is down."""
SLACK_SECONDS: Final = 4.0
"""For a test machine that is busy with everything else."""
_AT_LAST: Final = 60.0
"""The same where nothing is down, and how soon the answer comes is not the question."""


class Sources(AppCaller):
    """The sources of events and tickets, which sign what they send."""

    def joiner(self, person: Json, **fields: object) -> Json:
        """The event that announces a person."""
        return {
            "id": f"evt-{uuid.uuid4().hex}",
            "type": "joiner",
            "userPrincipalName": person["userPrincipalName"],
            "employeeId": person["employeeId"],
            **fields,
        }

    def leaver(self, person: Json, effective_at: datetime, **fields: object) -> Json:
        """The event that says when a person leaves."""
        event = self.joiner(person, **fields)
        return {**event, "type": "leaver", "effectiveAt": effective_at.isoformat()}

    async def post(
        self,
        event: Json,
        *,
        answered_within: float = ANSWER_SECONDS + SLACK_SECONDS,
        signed_with: str | None = None,
    ) -> httpx.Response:
        """Deliver an event once, signed with the source's secret unless another is given.

        Raises:
            httpx.TimeoutException: there was no answer in the time that was promised.
        """
        body, secret = json.dumps(event), self.stack.hr_sources[HR_SOURCE].secret
        headers = _signed(body, signed_with or secret, f"msg_{uuid.uuid4().hex}")
        return await self._app.post(
            f"/api/onboarding/{HR_SOURCE}",
            content=body,
            headers={**headers, "content-type": "application/json"},
            timeout=answered_within,
        )

    async def report(self, ticket: Json) -> str:
        """Deliver a ticket until it is taken; the id of its case."""

        async def taken() -> str | None:
            body, address = json.dumps(ticket), f"/api/resets/{TICKET_SOURCE}"
            headers = _signed(body, self.stack.reset_sources[TICKET_SOURCE].secret, "msg_1")
            try:
                answer = await self._app.post(address, content=body, headers=headers, timeout=60)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                return None
            assert answer.status_code in {202, 503}, answer.text
            return str(answer.json()["caseId"]) if answer.status_code == 202 else None

        return await eventually(taken, f"ticket {ticket['ticketId']} is taken")

    async def announce(self, event: Json) -> str:
        """Deliver an event that must be taken at the first try; the id of its case."""
        answer = await self.post(event, answered_within=_AT_LAST)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["caseId"])

    async def insist(
        self, event: Json, *, answered_within: float = ANSWER_SECONDS + SLACK_SECONDS
    ) -> str:
        """Deliver an event as HR systems do: again and again, until it is taken.

        Every answer must come in time, and a refusal must say when to come back. A connection that
        breaks is no answer: the app, or the way to it, is gone.
        """

        async def taken() -> str | None:
            try:
                answer = await self.post(event, answered_within=answered_within)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                return None
            if answer.status_code == 503:
                assert int(answer.headers["Retry-After"]) > 0
                return None
            assert answer.status_code == 202, answer.text
            return str(answer.json()["caseId"])

        return await eventually(taken, f"event {event['id']} is taken")


def ticket(person: str, number: str, **changes: object) -> Json:
    """A ticket about the person of this name."""
    return {
        "ticketId": number,
        "userPrincipalName": person,
        "reason": "lost",
        "requestedBy": "Robin Example",
        "verification": {"by": "kim@contoso.example", "method": "callback"},
        **changes,
    }


def _signed(body: str, secret: str, message_id: str) -> dict[str, str]:
    """The headers of a message that is sent now."""
    now = datetime.now(UTC)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, now, body),
    }
