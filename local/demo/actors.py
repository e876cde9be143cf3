"""Those around the app in the demo: the HR system, the directory, the new hire, a SIEM."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Self
from uuid import uuid4

import httpx
import msgspec
from azure.servicebus import ServiceBusClient, ServiceBusMessage
from standardwebhooks import Webhook

from local.stack.description import Description
from local.stack.environment import HR_SOURCE
from shared.names import EVENTS_TOPIC, Queue, Subscription

_POLL = 0.1
_PATIENCE = 90
Json = dict[str, Any]


class DemoError(Exception):
    """Something did not happen, or not as it should have."""


@dataclass
class Actors:
    """Everybody but the app itself.

    Args:
        stack: where everything is.
    """

    stack: Description

    def __post_init__(self) -> None:
        self._app = httpx.Client(
            base_url=self.stack.http,
            headers={"x-functions-key": self.stack.function_key},
            trust_env=False,
            timeout=30,
        )
        self._tenant = httpx.Client(base_url=self.stack.graph, trust_env=False, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._app.close()
        self._tenant.close()

    def directory_creates(self, sign_in_name: str, employee_id: str) -> Json:
        """The account of the new hire is made."""
        account = {
            "userPrincipalName": sign_in_name,
            "displayName": "New Hire",
            "employeeId": employee_id,
        }
        return _json(self._tenant.post("/_sim/users", json=account))

    def hr_announces(self, sign_in_name: str, employee_id: str) -> Json:
        """The HR system posts its webhook, signed by the Standard Webhooks library."""
        event = {
            "type": "joiner",
            "userPrincipalName": sign_in_name,
            "employeeId": employee_id,
            "startDate": datetime.now(UTC).date().isoformat(),
        }
        body = msgspec.json.encode(event).decode()
        message_id, now = f"msg_{uuid4().hex}", datetime.now(UTC)
        headers = {
            "webhook-id": message_id,
            "webhook-timestamp": str(int(now.timestamp())),
            "webhook-signature": Webhook(self.stack.hr_sources[HR_SOURCE].secret).sign(
                message_id, now, body
            ),
            "content-type": "application/json",
        }
        return _json(self._app.post(f"/api/onboarding/{HR_SOURCE}", content=body, headers=headers))

    def ticketing_sends(self, ticket_id: str, user: str) -> None:
        """The ticketing system puts a lost device on the queue, with the official client."""
        ticket = {
            "ticketId": ticket_id,
            "userId": user,
            "reason": "lost",
            "requestedBy": "service-desk",
            "verification": {"by": "agent-7", "method": "callback"},
        }
        with (
            ServiceBusClient.from_connection_string(self.stack.service_bus) as client,
            client.get_queue_sender(Queue.RESETS) as sender,
        ):
            sender.send_messages(ServiceBusMessage(msgspec.json.encode(ticket)))

    def helpdesk_collects(self, case_id: str) -> None:
        """Somebody of the helpdesk collects a pass; who watches the demo does not see it."""
        headers = self.stack.principals["Helpdesk"]
        _json(self._app.post(f"/api/cases/{case_id}/pass", headers=headers))

    def time_goes_by(self, wait: timedelta) -> None:
        """The time of the whole stack is moved on."""
        _json(self._tenant.post("/_sim/clock", json={"advanceSeconds": wait.total_seconds()}))

    def account_opens(self, user: str) -> None:
        """Wait until the account is not blocked any more.

        Raises:
            DemoError: it takes too long.
        """
        deadline = time.monotonic() + _PATIENCE
        while not self.truth(user)["accountEnabled"]:
            if time.monotonic() > deadline:
                raise DemoError(f"The account is still blocked after {_PATIENCE} s.")
            time.sleep(_POLL)

    def person_registers(self, user: str) -> None:
        """The new hire registers Microsoft Authenticator."""
        body = {"method": "microsoftAuthenticator"}
        _json(self._tenant.post(f"/_sim/users/{user}/register", json=body))

    def company_grows(self, by: int) -> int:
        """More people work here, of every sort; how many there are now."""
        people = _json(self._tenant.post("/_sim/load", json={"users": by, "seed": 1}))["users"]
        return int(people)

    def reader_asks(self, path: str) -> httpx.Response:
        """Somebody with the role Reader asks the app.

        Raises:
            DemoError: the app refuses it.
        """
        answer = self._app.get(f"/api/{path}", headers=self.stack.principals["Reader"])
        if answer.is_error:
            raise DemoError(f"GET {path}: {answer.status_code} {answer.text}")
        return answer

    def truth(self, user: str) -> Json:
        """What is true of the account, from the tenant and not from the app."""
        return _json(self._tenant.get(f"/_sim/users/{user}"))

    def case(self, case_id: str) -> Json:
        """The case as the app tells it."""
        return _json(self._app.get(f"/api/cases/{case_id}"))

    def case_reaches(self, case_id: str, state: str, look: Callable[[str], None]) -> Json:
        """Wait until the case is in a state.

        Args:
            case_id: which.
            state: where it should get.
            look: told each state that it is in meanwhile.

        Raises:
            DemoError: it takes too long, or the case ends elsewhere.
        """
        deadline, last = time.monotonic() + _PATIENCE, ""
        while (case := self.case(case_id))["state"] != state:
            if case["state"] != last:
                last = case["state"]
                look(last)
            if case["state"] in {"completed", "parked", "refused", "cancelled"}:
                raise DemoError(f"The case is {case['state']}, not {state}: {case['steps'][-1]}")
            if time.monotonic() > deadline:
                raise DemoError(f"The case is still {case['state']} after {_PATIENCE} s.")
            time.sleep(_POLL)
        return case

    def siem_reads(self, last: str) -> list[Json]:
        """Receive the events with the official client, up to the one of the type `last`.

        Raises:
            DemoError: that one does not come.
        """
        events: list[Json] = []
        with (
            ServiceBusClient.from_connection_string(self.stack.service_bus) as client,
            client.get_subscription_receiver(EVENTS_TOPIC, Subscription.ALL) as receiver,
        ):
            while not events or events[-1]["type"] != last:
                messages = receiver.receive_messages(max_message_count=10, max_wait_time=30)
                if not messages:
                    raise DemoError(f"No event {last} was published.")
                for message in messages:
                    events.append(msgspec.json.decode(b"".join(message.body)))
                    receiver.complete_message(message)
        return events


def _json(answer: httpx.Response) -> Json:
    if answer.is_error:
        request = f"{answer.request.method} {answer.request.url.path}"
        raise DemoError(f"{request}: {answer.status_code} {answer.text}")
    document: Json = answer.json()
    return document
