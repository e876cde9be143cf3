"""Identifiers with types of their own, so that a UPN can't go where an object id is due."""

import re
from typing import Final, NewType

CaseId = NewType("CaseId", str)
"""The random, unguessable id of a case: 32 hexadecimal digits."""

UserId = NewType("UserId", str)
"""A user's object id in Entra ID. It never changes hands."""

UserPrincipalName = NewType("UserPrincipalName", str)
"""A user's sign-in name. It may change hands, so it is looked up once and then forgotten."""

EmployeeId = NewType("EmployeeId", str)
"""The HR system's number for a person, as the directory repeats it in `employeeId`."""

GroupId = NewType("GroupId", str)
"""The object id of a group in Entra ID."""

SourceName = NewType("SourceName", str)
"""The name of an HR system, as it stands in the webhook's address."""

_CASE_ID: Final = re.compile(r"[0-9a-f]{32}")
_OBJECT_ID: Final = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def is_case_id(text: str) -> bool:
    """Whether a case can have this id."""
    return _CASE_ID.fullmatch(text) is not None


def is_object_id(text: str) -> bool:
    """Whether an object of the directory can have this id."""
    return _OBJECT_ID.fullmatch(text) is not None
