"""Under which risks, flows and device filters policies apply, and what they leave."""

from typing import Any, NamedTuple

import pytest

from shared.domain.conditional_access.requirement import Extent
from tests.unit.domain.conditional_access.telling import EVERYWHERE, NOWHERE, PARTLY, extents, told

RULE = "device.isCompliant -eq True"


class Row(NamedTuple):
    """The conditions of some policies, and how far they require MFA."""

    why: str
    conditions: list[dict[str, Any]]
    least: Extent
    most: Extent | None = None


def device(mode: str, rule: str = RULE) -> dict[str, Any]:
    """A filter of devices."""
    return {"devices": {"deviceFilter": {"mode": mode, "rule": rule}}}


def flows(named: str) -> dict[str, Any]:
    """A condition about authentication flows."""
    return {"authenticationFlows": {"transferMethods": named}}


ROWS = [
    *[
        row
        for name in ("signInRiskLevels", "userRiskLevels")
        for row in (
            Row(f"{name}: none is no condition", [{name: []}], EVERYWHERE),
            Row(f"{name}: high risk alone protects nobody", [{name: ["high"]}], NOWHERE),
            Row(
                f"{name}: any risk is none of an ordinary sign-in",
                [{name: ["low", "medium", "high"]}],
                NOWHERE,
            ),
            Row(f"{name}: no risk leaves the rest", [{name: ["none"]}], PARTLY),
            Row(f"{name}: both", [{name: ["none", "Low"]}, {name: ["medium", "high"]}], EVERYWHERE),
            Row(f"{name}: one left", [{name: ["none", "low"]}, {name: ["high"]}], PARTLY),
            Row(
                f"{name}: hidden is nothing that a sign-in has",
                [{name: ["hidden"]}],
                NOWHERE,
                EVERYWHERE,
            ),
        )
    ],
    Row(
        "one risk is not the other",
        [{"signInRiskLevels": ["none"]}, {"userRiskLevels": ["low", "medium", "high"]}],
        PARTLY,
    ),
    Row("an inner risk alone", [{"insiderRiskLevels": "elevated"}], NOWHERE),
    Row(
        "all inner risks leave who has none",
        [{"insiderRiskLevels": "minor,moderate,elevated"}],
        NOWHERE,
    ),
    Row("inner risks in a list", [{"insiderRiskLevels": ["minor", "elevated"]}], NOWHERE),
    Row("no inner risk is none to name", [{"insiderRiskLevels": "none"}], NOWHERE, EVERYWHERE),
    Row("a new inner risk", [{"insiderRiskLevels": "extreme"}], NOWHERE, EVERYWHERE),
    Row("a code shown on another device", [flows("deviceCodeFlow")], NOWHERE),
    Row("both flows", [flows("deviceCodeFlow,authenticationTransfer")], NOWHERE),
    Row("both, with a space between", [flows("deviceCodeFlow, authenticationTransfer")], NOWHERE),
    Row("flows that are no object", [{"authenticationFlows": "x"}], NOWHERE, EVERYWHERE),
    Row("no flow is no condition", [{"authenticationFlows": {"transferMethods": ""}}], EVERYWHERE),
    Row("what naming none means nobody knows", [flows("none")], NOWHERE, EVERYWHERE),
    Row("a new flow", [flows("telepathy")], NOWHERE, EVERYWHERE),
    Row("a new part of flows", [{"authenticationFlows": {"x": "y"}}], NOWHERE, EVERYWHERE),
    Row("devices that a filter takes", [device("include")], NOWHERE),
    Row("all but those", [device("exclude")], PARTLY),
    Row("both", [device("Include"), device("exclude")], EVERYWHERE),
    Row("by another rule", [device("include", "x"), device("exclude")], PARTLY),
    Row("no filter", [{"devices": {"deviceFilter": None}}], EVERYWHERE),
    Row(
        "a filter without a rule",
        [{"devices": {"deviceFilter": {"mode": "include"}}}],
        NOWHERE,
        EVERYWHERE,
    ),
    Row("a new mode", [device("maybe")], NOWHERE, EVERYWHERE),
    Row("devices in the old way", [{"devices": {"includeDevices": ["All"]}}], NOWHERE, EVERYWHERE),
    Row(
        "the state of devices, as it was once told",
        [{"deviceStates": {"includeStates": ["All"]}}],
        NOWHERE,
        EVERYWHERE,
    ),
    Row("a new condition", [{"times": {"include": "night"}}], NOWHERE, EVERYWHERE),
    Row(
        "a new condition that says nothing",
        [{"times": {"include": [], "exclude": None}}],
        EVERYWHERE,
    ),
    Row("what is new decides nothing where another takes all", [{"times": 5}, {}], EVERYWHERE),
    Row(
        "what is new is at most where the rest applies",
        [{"times": 5, "userRiskLevels": ["low"]}],
        NOWHERE,
    ),
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.why)
def test_risks_and_devices(row: Row) -> None:
    """An ordinary sign-in has no risk, no flow, and a device that no filter takes."""
    tellings = [told(name=str(number), **one) for number, one in enumerate(row.conditions)]
    assert extents(*tellings) == (row.least, row.most or row.least)
