"""The directory's own audit log."""

import msgspec


class AuditEntry(msgspec.Struct, frozen=True, kw_only=True):
    """One activity, named as the directory's audit log names it.

    Attributes:
        at: RFC 3339.
        target: the object id of the person concerned.
        by: the application that did it, or `person` or `portal`.
    """

    at: str
    activity: str
    target: str
    by: str
    detail: dict[str, str] = {}
