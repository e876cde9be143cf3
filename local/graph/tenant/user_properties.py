"""The properties of a user that the simulated directory stores: names, types, rules.

Names and types are those of the published v1.0 schema; which ones a plain GET returns, which ones
`User.ReadBasic.All` may read, and which ones can be filtered follow the reference page of `user`.
"""

import re
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import Enum

from local.graph.tenant.refusals import InvalidValueError
from local.graph.tenant.times import graph_time

PropertyValue = str | bool | list[str | dict[str, object]] | dict[str, object] | None
Properties = Mapping[str, PropertyValue]


class Type(Enum):
    """The shapes of a property's value."""

    TEXT = "Edm.String"
    FLAG = "Edm.Boolean"
    TIME = "Edm.DateTimeOffset"
    TEXTS = "Collection(Edm.String)"
    OBJECTS = "Collection(object)"
    OBJECT = "object"


@dataclass(frozen=True)
class Property:
    """What the directory knows about one property.

    Attributes:
        by_default: a v1.0 GET without `$select` returns it.
        basic: `User.ReadBasic.All` is enough to read it.
        read_only: Graph computes it; a write is refused.
        filterable: `eq` and `in` work on it; what needs advanced queries is in `api.filters`.
    """

    name: str
    type: Type = Type.TEXT
    by_default: bool = False
    basic: bool = False
    read_only: bool = False
    filterable: bool = True


_BASIC_DEFAULTS = ("displayName", "givenName", "mail", "surname", "userPrincipalName")
_DEFAULTS = ("jobTitle", "mobilePhone", "officeLocation", "preferredLanguage")
_TEXTS = (
    "ageGroup",
    "city",
    "companyName",
    "consentProvidedForMinor",
    "country",
    "department",
    "employeeId",
    "employeeType",
    "faxNumber",
    "mailNickname",
    "onPremisesImmutableId",
    "passwordPolicies",
    "postalCode",
    "preferredDataLocation",
    "state",
    "streetAddress",
    "usageLocation",
    "userType",
)
_READ_ONLY_TEXTS = (
    "creationType",
    "externalUserState",
    "legalAgeGroupClassification",
    "onPremisesDistinguishedName",
    "onPremisesDomainName",
    "onPremisesSamAccountName",
    "onPremisesSecurityIdentifier",
    "onPremisesUserPrincipalName",
    "securityIdentifier",
)

_PROPERTIES = (
    Property("id", by_default=True, basic=True, read_only=True),
    *(Property(name, by_default=True, basic=True) for name in _BASIC_DEFAULTS),
    *(Property(name, by_default=True) for name in _DEFAULTS),
    *(Property(name) for name in _TEXTS),
    *(Property(name, read_only=True) for name in _READ_ONLY_TEXTS),
    Property("businessPhones", Type.TEXTS, by_default=True, filterable=False),
    Property("accountEnabled", Type.FLAG),
    Property("isResourceAccount", Type.FLAG, filterable=False),
    Property("onPremisesSyncEnabled", Type.FLAG, read_only=True),
    Property("showInAddressList", Type.FLAG),
    Property("createdDateTime", Type.TIME, read_only=True),
    Property("deletedDateTime", Type.TIME, read_only=True),
    Property("employeeHireDate", Type.TIME),
    Property("employeeLeaveDateTime", Type.TIME),
    Property("externalUserStateChangeDateTime", Type.TIME, read_only=True),
    Property("lastPasswordChangeDateTime", Type.TIME, read_only=True),
    Property("onPremisesLastSyncDateTime", Type.TIME, read_only=True),
    Property("signInSessionsValidFromDateTime", Type.TIME, read_only=True, filterable=False),
    Property("identityParentId", read_only=True, filterable=False),
    Property("imAddresses", Type.TEXTS, read_only=True),
    Property("otherMails", Type.TEXTS, filterable=False),
    Property("proxyAddresses", Type.TEXTS, read_only=True, filterable=False),
    Property("assignedLicenses", Type.OBJECTS, read_only=True, filterable=False),
    Property("identities", Type.OBJECTS, filterable=False),
    Property("passwordProfile", Type.OBJECT, filterable=False),
)
PROPERTIES: dict[str, Property] = {known.name: known for known in _PROPERTIES}
DEFAULT_NAMES = tuple(known.name for known in _PROPERTIES if known.by_default)
BASIC_NAMES = frozenset(known.name for known in _PROPERTIES if known.basic)
REQUIRED_NAMES = ("accountEnabled", "displayName", "mailNickname", "userPrincipalName")

_PYTHON_TYPES: dict[Type, type] = {
    Type.TEXT: str,
    Type.FLAG: bool,
    Type.TEXTS: list,
    Type.OBJECTS: list,
    Type.OBJECT: dict,
}
_UPN = re.compile(r"[A-Za-z0-9'._\-!#^~+]{1,64}@(?:[A-Za-z0-9-]+\.)+[A-Za-z0-9-]{2,}")
"""Source: the directory's rules for userPrincipalName (`#` only inside `#EXT#`, made by Graph)."""


def checked(known: Property, value: PropertyValue) -> PropertyValue:
    """The value as the directory stores it.

    Raises:
        InvalidValueError: the directory does not take it.
    """
    if value is None and known.name not in REQUIRED_NAMES:
        return None
    if known.name == "id":
        return _guid(value)
    if known.type is Type.TIME:
        return _time(known.name, value)
    if not isinstance(value, _PYTHON_TYPES[known.type]) or value == "":
        raise InvalidValueError(known.name)
    if known.type is Type.TEXTS and not all(isinstance(item, str) for item in _items(value)):
        raise InvalidValueError(known.name)
    if known.name == "userPrincipalName" and not _UPN.fullmatch(str(value)):
        raise InvalidValueError(known.name)
    return value


def _guid(value: PropertyValue) -> str:
    try:
        return str(uuid.UUID(str(value)))
    except ValueError as error:
        raise InvalidValueError("id") from error


def _time(name: str, value: PropertyValue) -> str:
    try:
        moment = datetime.fromisoformat(str(value))
    except ValueError as error:
        raise InvalidValueError(name) from error
    if moment.tzinfo is None:
        raise InvalidValueError(name)
    return graph_time(moment)


def _items(value: PropertyValue) -> Sequence[object]:
    return value if isinstance(value, list) else []


def empty_value(known: Property) -> PropertyValue:
    """What Graph shows for a property that was never set."""
    return [] if known.type in {Type.TEXTS, Type.OBJECTS} else None
