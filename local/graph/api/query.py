"""The query options of a request for users, checked as the directory checks them."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.graph.api.errors import (
    GraphError,
    audit_permission_missing,
    bad_request,
    not_modelled,
    premium_tenant_needed,
    request_denied,
    unknown_property,
    unsupported_query,
)
from local.graph.api.filters import MFA_STATE, Test, parse_filter
from local.graph.api.messages import GraphRequest, Version
from local.graph.api.permissions import SIGN_INS_READ, USER_READ
from local.graph.tenant.switches import BulkMfaState, Licence, Switches
from local.graph.tenant.user_properties import BASIC_NAMES, DEFAULT_NAMES, PROPERTIES

SIGN_INS = "signInActivity"
LARGEST_PAGE_WITH_SIGN_INS = 500
_LARGEST_PAGE = 999
_DEFAULT_PAGE = 100
_NOT_MODELLED = frozenset({"$expand", "$orderby", "$search", "$format"})
_BETA_HIDDEN_BY_DEFAULT = frozenset({"passwordProfile", "signInSessionsValidFromDateTime"})


@dataclass(frozen=True)
class Selection:
    """Which properties are answered.

    Attributes:
        explicit: `$select` was given.
    """

    names: tuple[str, ...]
    explicit: bool


def check_options(query: Mapping[str, str], known: frozenset[str]) -> None:
    """Refuse system query options that the path does not take.

    Raises:
        GraphError: 400, or 501 for what Graph takes and the simulated tenant does not.
    """
    for option in query:
        if not option.startswith("$") or option in known:
            continue
        if option in _NOT_MODELLED:
            raise not_modelled(f"the query option {option}")
        if option == "$skip":
            raise bad_request("'$skip' is not supported by the service.")
        raise GraphError(400, "BadRequest", f"The query parameter '{option}' is not supported.")


def read_selection(request: GraphRequest, switches: Switches) -> Selection:
    """What `$select` asks for, or what a GET returns without it.

    Raises:
        GraphError: 400 for an unknown property; 403 where `User.ReadBasic.All` is not enough, or
            where sign-ins are selected without their permission or licence.
    """
    text = request.query.get("$select")
    explicit = text is not None
    if text is None:
        names = _defaults(request.version)
    else:
        names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
        for name in names:
            if name not in {*PROPERTIES, SIGN_INS} and not _bulk_state(name, switches):
                raise unknown_property(name)
        if SIGN_INS in names:
            _check_sign_ins(request, switches)
    if request.caller.roles & USER_READ:
        return Selection(names, explicit)
    if explicit and not BASIC_NAMES.issuperset(names):
        raise request_denied()
    return Selection(tuple(name for name in names if name in BASIC_NAMES), explicit)


def read_page_size(
    query: Mapping[str, str], default: int = _DEFAULT_PAGE, largest: int = _LARGEST_PAGE
) -> int:
    """`$top`, or the default page.

    Raises:
        GraphError: 400 outside 1 to the largest page.
    """
    text = query.get("$top")
    if text is None:
        return default
    if not text.isascii() or not text.isdigit():
        raise GraphError(
            400,
            "BadRequest",
            f"Invalid value '{text}' for $top query option found. The $top query option requires"
            " a non-negative integer value.",
        )
    if not 1 <= int(text) <= largest:
        raise unsupported_query(
            f"Invalid page size specified: '{text}'. Must be between 1 and {largest} inclusive."
        )
    return int(text)


def read_filter(request: GraphRequest, switches: Switches) -> Test | None:
    """`$filter`, if there is one.

    Raises:
        GraphError: 400 for what the directory does not answer; 403 for what the token may not read.
    """
    text = request.query.get("$filter")
    if text is None:
        return None
    return parse_filter(
        text,
        readable=PROPERTIES if request.caller.roles & USER_READ else BASIC_NAMES,
        advanced=request.advanced and request.query.get("$count") == "true",
        with_mfa_state=switches.bulk_per_user_mfa_state is BulkMfaState.ON,
    )


def _check_sign_ins(request: GraphRequest, switches: Switches) -> None:
    if not request.caller.roles & SIGN_INS_READ:
        raise audit_permission_missing()
    if not switches.licence.covers(Licence.P1):
        raise premium_tenant_needed()


def _defaults(version: Version) -> tuple[str, ...]:
    if version is Version.V1:
        return DEFAULT_NAMES
    return tuple(name for name in PROPERTIES if name not in _BETA_HIDDEN_BY_DEFAULT)


def _bulk_state(name: str, switches: Switches) -> bool:
    return name == MFA_STATE and switches.bulk_per_user_mfa_state is not BulkMfaState.REFUSED
