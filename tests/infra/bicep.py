"""Reads the Bicep for the tests: what is declared, and what a loop or a property refers to.

pycep gives a tree, not a compiled template; nothing here replaces `az bicep build`.
"""

from functools import cache
from pathlib import Path
from typing import Any, cast

from pycep import BicepParser

INFRA = Path(__file__).resolve().parents[2] / "infra"
MAIN = INFRA / "main.bicep"
FILES = sorted(INFRA.rglob("*.bicep"))


@cache
def parsed(path: Path) -> dict[str, Any]:
    """The tree of one Bicep file."""
    return cast("dict[str, Any]", BicepParser().parse(file_path=path))


def module(name: str) -> dict[str, Any]:
    """The tree of `modules/NAME.bicep`."""
    return parsed(INFRA / "modules" / f"{name}.bicep")


def dotted(expression: object) -> str:
    """A chain of accesses as it is written: `names.broker.lockDuration`, `names.x[app]`."""
    if isinstance(expression, str):
        return expression
    operator = cast("dict[str, Any]", expression)["operator"]
    left, right = (dotted(operator["operands"][key]) for key in ("operand_1", "operand_2"))
    return f"{left}[{right}]" if operator["type"] == "index_accessor" else f"{left}.{right}"


def loop(declared: dict[str, Any]) -> tuple[str, dict[str, Any]]:
    """What a resource's or module's loop runs over, and the body of the loop."""
    config = declared["config"]
    return dotted(config["loop_type"]["detail"]["array_name"]), config["config"]


def body(declared: dict[str, Any]) -> dict[str, Any]:
    """The body of a resource or module, without its loop and its condition."""
    config = declared["config"]
    return cast("dict[str, Any]", config.get("config", config))


def properties(declared: dict[str, Any]) -> dict[str, Any]:
    """The properties of a resource, those of a `union` together."""
    given = body(declared)["properties"]
    if "function" not in given:
        return cast("dict[str, Any]", given)
    parts = given["function"]["parameters"].values()
    return {key: value for part in parts if isinstance(part, dict) for key, value in part.items()}


def key(text: str) -> str:
    """The key of an object without the quotation marks that Bicep needs around some."""
    return text.strip("'")
