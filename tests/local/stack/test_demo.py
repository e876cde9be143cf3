"""The demo ends well only if the tenant agrees with the app."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from local.demo.story import Ending


def ending(**changes: object) -> Ending:
    """A good ending, but for the changes to the truth about the account."""
    truth = {
        "id": "u1",
        "perUserMfaState": "enforced",
        "methods": [{"@odata.type": "#microsoft.graph.microsoftAuthenticatorAuthenticationMethod"}],
    }
    return Ending(
        case={"state": "completed", "userId": "u1"},
        events=[{"type": "mfa.case.accepted"}, {"type": "mfa.case.completed"}],
        truth={**truth, **changes},
    )


def test_the_demo_ends_in_enforced(root: Path) -> None:
    """A webhook, a registration and the app alone take the account there; nothing is in doubt."""
    done = subprocess.run(
        [sys.executable, "-m", "local", "demo", "--json"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    outcome: dict[str, Any] = json.loads(done.stdout)
    assert outcome["doubts"] == []
    assert outcome["truth"]["perUserMfaState"] == "enforced"
    changes = [(step["before"], step["after"]) for step in outcome["case"]["steps"]]
    assert ("disabled", "enabled") in changes
    assert [event["type"] for event in outcome["events"]] == [
        "mfa.case.accepted",
        "mfa.case.waiting",
        "mfa.case.completed",
    ]


def test_a_good_ending_leaves_no_doubt() -> None:
    """Where all agree, there is nothing to say."""
    assert ending().doubts == []


@pytest.mark.parametrize(
    "change", [{"perUserMfaState": "enabled"}, {"methods": []}, {"id": "somebody else"}]
)
def test_the_tenant_has_the_last_word(change: dict[str, object]) -> None:
    """A completed case proves nothing where the account itself is not as it should be."""
    assert len(ending(**change).doubts) == 1
