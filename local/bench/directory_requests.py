"""What one onboarding costs in requests to Microsoft Graph, beside the necessary ones by name."""

import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Final
from uuid import uuid4

import httpx

from local.bench.figures import Figure
from local.demo.actors import Actors
from local.stack.stack import Stack

NECESSARY: Final = (
    "find the account by its employee id, and that no other bears it",
    "see that the sign-in name is nobody else's",
    "read the state before",
    "write enabled",
    "read it back",
    "read the methods: not registered yet",
    "read the methods: registered",
    "read the state: registering has enforced it",
)
_CHECK_SECONDS: Final = 20


def measure(report: Callable[[str], None]) -> list[Figure]:
    """Onboard one person who registers between the first look and the second."""
    with tempfile.TemporaryDirectory(prefix="mfa-bench-") as directory:
        report("Starting a stack")
        with Stack(Path(directory)) as stack, Actors(stack.description) as actors:
            name, number = f"{uuid4().hex}@contoso.example", uuid4().hex
            person = actors.directory_creates(name, number)
            case = actors.hr_announces(name, number)
            report("Onboarding one person")
            actors.case_reaches(case["caseId"], "waiting-registration", report)
            actors.person_registers(person["id"])
            tenant = stack.description.graph
            httpx.post(
                f"{tenant}/_sim/clock", json={"advanceSeconds": _CHECK_SECONDS}
            ).raise_for_status()
            actors.case_reaches(case["caseId"], "completed", report)
            requests = httpx.get(f"{tenant}/_sim/requests").raise_for_status().json()
    # The break-glass accounts are looked for too, once in ten minutes and for everybody.
    about = [one for one in requests if _is_about(one["path"], person["id"])]
    counted = Counter(f"{one['method']} {one['route']}" for one in about)
    return [
        Figure(
            name="requests to Graph for one onboarding, beside the necessary ones",
            unit="requests",
            floor=len(NECESSARY),
            ours=len(about),
            most=1.0,
            remark="; ".join(NECESSARY)
            + " — seen: "
            + ", ".join(f"{count} x {route}" for route, count in sorted(counted.items())),
        )
    ]


def _is_about(path: str, person: str) -> bool:
    """Whether a request is about the person: by id, by sign-in name, or by a search."""
    return person in path or "%40" in path or path.endswith("/users")
