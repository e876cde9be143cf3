"""What the parts of a policy's schema share."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

import msgspec


class InvalidPolicyError(Exception):
    """The service does not take the policy; the text says why."""


class UnmodelledPolicyError(Exception):
    """The service takes it, and this tenant does not decide on it; the text says on what."""


class Model(msgspec.Struct, frozen=True, kw_only=True, rename="camel", forbid_unknown_fields=True):
    """A part of a policy, by Graph's names."""


class Filter(Model, frozen=True):
    """A filter for devices, applications or service principals. Its rule is not read here."""

    mode: Literal["include", "exclude"]
    rule: str

    def __post_init__(self) -> None:
        if not self.rule.strip():
            raise ValueError("the rule of a filter is not empty")


@dataclass(frozen=True)
class Known:
    """Tells of ids whether such an object is there."""

    user: Callable[[str], bool]
    group: Callable[[str], bool]
    location: Callable[[str], bool]
    strength: Callable[[str], bool]


def check_known(
    values: Collection[str], words: Collection[str], exists: Callable[[str], bool], what: str
) -> None:
    """Each value is one of the words, or the id of what exists.

    Raises:
        InvalidPolicyError: one is neither.
    """
    for value in values:
        if value not in words and not exists(value):
            raise InvalidPolicyError(f"1020: The {what} '{value}' does not exist in the directory.")


def is_guid(value: str) -> bool:
    """It has the shape of an id."""
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def read_flags(text: str, known: Collection[str], what: str) -> str:
    """A value of several flags, as Graph shows it.

    Raises:
        InvalidPolicyError: it names no flag, or one that is not there.
        UnmodelledPolicyError: it says `none`.
    """
    flags = [flag.strip() for flag in text.split(",")]
    if "none" in flags:
        raise UnmodelledPolicyError(f"'none' in {what}")
    for flag in flags:
        if flag not in known:
            raise InvalidPolicyError(f"1007: '{flag}' is not a value of {what}.")
    return ",".join(flag for flag in known if flag in flags)
