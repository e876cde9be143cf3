"""The events that leave us."""

import json

from shared.contracts.case_events import cloud_event
from shared.domain.cases import CaseEvent, CaseState, EventType
from shared.domain.plans import CaseKind
from tests.builders import CASE_ID, NOW, USER_ID

EVENT = CaseEvent(
    seq=3,
    type=EventType.COMPLETED,
    at=NOW,
    state=CaseState.COMPLETED,
    user_id=USER_ID,
    deadline=NOW,
    observed=False,
    reason=None,
)


def test_an_event_is_a_cloud_event_about_the_person() -> None:
    """Every field of the contract, and none that names the person otherwise."""
    assert json.loads(cloud_event(CASE_ID, CaseKind.ONBOARDING, EVENT, "tenant")) == {
        "specversion": "1.0",
        "id": f"{CASE_ID}-0003",
        "source": "/mfa-lifecycle/tenant",
        "type": "mfa.case.completed",
        "time": "2026-03-02T08:00:00Z",
        "datacontenttype": "application/json",
        "subject": USER_ID,
        "data": {
            "caseId": CASE_ID,
            "kind": "onboarding",
            "state": "completed",
            "deadline": "2026-03-02T08:00:00Z",
        },
    }
