"""Identifiers with types of their own, so that a UPN can't go where an object id is due."""

from typing import NewType

CaseId = NewType("CaseId", str)
"""The random, unguessable id of a case: 32 hexadecimal digits."""

UserId = NewType("UserId", str)
"""A user's object id in Entra ID. It never changes hands."""

UserPrincipalName = NewType("UserPrincipalName", str)
"""A user's sign-in name. It may change hands, so it is looked up once and then forgotten."""

EmployeeId = NewType("EmployeeId", str)
"""The HR system's number for a person, as the directory repeats it in `employeeId`."""

SourceName = NewType("SourceName", str)
"""The name of an HR system, as it stands in the webhook's address."""
