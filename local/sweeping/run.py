"""Starts a sweep as an administrator would, and follows it to its end."""

import time
from collections.abc import Mapping
from typing import Any, Final

import httpx

from local.progress import Report
from local.stack.description import Description

Json = dict[str, Any]
_POLL: Final = 0.3
_NO_NEWS: Final = 900.0
"""Seconds without any progress after which nothing more is expected."""


class SweepError(Exception):
    """The sweep did not end as it should."""


def sweep(stack: Description, report: Report) -> Json:
    """Run one and return it as the app tells it.

    Args:
        stack: where the app is.
        report: told how far it is.

    Raises:
        SweepError: it could not be started, or comes to no end.
    """
    headers = stack.principals["Admin"]
    with httpx.Client(base_url=stack.http, headers=headers, trust_env=False, timeout=30) as app:
        run = _json(app.post("/api/compliance/runs"))
        said, news_at = "", time.monotonic()
        while run["state"] == "running":
            now = _progress(run)
            if now != said:
                said, news_at = now, time.monotonic()
                report(said)
            elif time.monotonic() - news_at > _NO_NEWS:
                raise SweepError(f"Nothing has moved for {_NO_NEWS / 60:.0f} minutes: {said}.")
            time.sleep(_POLL)
            run = _json(app.get(f"/api/compliance/runs/{run['runId']}"))
    return run


def _progress(run: Mapping[str, Any]) -> str:
    """How far it is, in a line."""
    done = run["progress"]
    match run["stage"]:
        case "collect":
            return (
                f"Reading: {done['peoplePages']} pages of about {done['expected']} people, "
                f"{done['registrationPages']} of registrations, {done['groupsLeft']} groups left"
            )
        case "evaluate":
            return f"Judging: {done['judged']} of {done['parts']} parts"
        case "finish":
            return "Adding up"
        case _:
            return "Looking at the tenant"


def _json(answer: httpx.Response) -> Json:
    if answer.is_error:
        problem = answer.json() if "json" in answer.headers.get("content-type", "") else {}
        said = problem.get("detail") or answer.text
        raise SweepError(f"The app answered {answer.status_code}: {said}")
    document: Json = answer.json()
    return document
