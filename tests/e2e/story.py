"""What a case tells, without what differs from run to run."""

from itertools import groupby
from typing import Any

Step = tuple[str, str | None, str | None]


def story(case: dict[str, Any]) -> list[Step]:
    """The steps of a case, each as action, before and after, without the person's own id.

    A step that follows its like is left out: who took the case up anew decided the same anew.
    """
    steps = [
        (
            step["action"],
            step["before"],
            "the person" if step["after"] == case["userId"] else step["after"],
        )
        for step in case["steps"]
    ]
    return [step for step, _ in groupby(steps)]
