"""What a case tells, without what differs from run to run."""

import re
from itertools import groupby
from typing import Any

from shared.domain.errors.directory import DirectoryUnavailable
from shared.domain.errors.messages import BrokerUnavailable

Step = tuple[str, str | None, str | None]

_SILENCE = (DirectoryUnavailable.code, BrokerUnavailable.code)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)")


def story(case: dict[str, Any]) -> list[Step]:
    """The steps of a case, each as action, before and after, without moments and random ids.

    A step that follows its like is left out: who took the case up anew decided the same anew.
    One that could not be done tells why; where that is only that nobody answered in time, the
    machine was busy with other tests, for no story makes Graph or the broker be silent.
    """
    steps = [
        (
            step["action"],
            _told(step["action"], step["before"]),
            step["detail"] if step["action"] == "try-again" else _after(step, case),
        )
        for step in case["steps"]
    ]
    return [step for step, _ in groupby(step for step in steps if not _met_silence(step))]


def _met_silence(step: Step) -> bool:
    action, _, why = step
    return action == "try-again" and (why or "").partition(":")[0] in _SILENCE


def _after(step: dict[str, Any], case: dict[str, Any]) -> str | None:
    return "the person" if step["after"] == case["userId"] else _told("", step["after"])


def _told(action: str, value: str | None) -> str | None:
    if value is None:
        return None
    told = _ID.sub("an id", _MOMENT.sub("a moment", value))
    # Whoever takes a removal up anew tells what was left of it.
    return "methods" if action == "remove-methods" else told
