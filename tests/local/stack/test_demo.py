"""The demo ends well only if the tenant agrees with the app."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.demo.ending import Ending, ended


def ending(**changes: object) -> Ending:
    """A good ending, but for the changes to the truth about the account."""
    truth = {
        "id": "u1",
        "perUserMfaState": "enforced",
        "methods": [{"@odata.type": "#microsoft.graph.microsoftAuthenticatorAuthenticationMethod"}],
    }
    return ended(
        "onboarding",
        {"state": "completed", "userId": "u1"},
        [{"type": "mfa.case.accepted"}, {"type": "mfa.case.completed"}],
        {**truth, **changes},
    )


def test_the_demo_ends_well(root: Path) -> None:
    """A new hire is enforced, a lost phone replaced, everybody judged; the tenant agrees."""
    done = subprocess.run(
        [sys.executable, "-m", "local", "demo", "--json"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    acts: list[dict[str, Any]] = json.loads(done.stdout)
    *acts, swept = acts
    joined, lost = acts
    assert (joined["doubts"], lost["doubts"], swept["doubts"]) == ([], [], [])
    assert (swept["posture"]["verdict"], swept["run"]["problems"]) == ("protected", [])
    assert "<html" in (root / ".local" / "demo-report.html").read_text()
    changes = [(step["before"], step["after"]) for step in joined["case"]["steps"]]
    assert ("disabled", "enabled") in changes
    told = [[event["type"].removeprefix("mfa.") for event in act["events"]] for act in acts]
    waits, collected = ["case.waiting"], ["pass.collected"]
    assert told == [
        ["case.accepted", *waits, "case.completed"],
        ["case.accepted", "case.contained", *waits, *collected, *waits, "case.completed"],
    ]
    assert {event["data"].get("ticketId") for event in lost["events"]} == {"INC-1001"}


def test_a_good_ending_leaves_no_doubt() -> None:
    """Where all agree, there is nothing to say."""
    assert ending().doubts == []


@pytest.mark.parametrize(
    "change", [{"perUserMfaState": "enabled"}, {"methods": []}, {"id": "somebody else"}]
)
def test_the_tenant_has_the_last_word(change: dict[str, object]) -> None:
    """A completed case proves nothing where the account itself is not as it should be."""
    assert len(ending(**change).doubts) == 1
