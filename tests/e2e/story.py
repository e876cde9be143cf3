"""What a case tells, without what differs from run to run."""

from typing import Any

Step = tuple[str, str | None, str | None]


def story(case: dict[str, Any]) -> list[Step]:
    """The steps of a case, each as action, before and after; the person's own id is left out."""
    return [
        (
            step["action"],
            step["before"],
            "the person" if step["after"] == case["userId"] else step["after"],
        )
        for step in case["steps"]
    ]
