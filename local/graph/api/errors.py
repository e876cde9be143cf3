"""Graph's refusals: status, code, and the shape of the body."""

from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any


class GraphError(Exception):
    """A request is refused.

    Args:
        status: the HTTP status.
        code: Graph's error code; each service behind Graph has its own spelling.
        message: Graph's words.
        repeat_inside: the authentication-methods service repeats its message in `innerError`.
        headers: further response headers.
    """

    def __init__(
        self,
        status: int,
        code: str,
        message: str,
        *,
        repeat_inside: bool = False,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message
        self.repeat_inside = repeat_inside
        self.headers = headers or {}


def error_body(
    error: GraphError, *, request_id: str, client_request_id: str, now: datetime
) -> dict[str, Any]:
    """The JSON body of a refusal."""
    inner = {"message": error.message} if error.repeat_inside else {}
    return {
        "error": {
            "code": error.code,
            "message": error.message,
            "innerError": {
                **inner,
                "date": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
                "request-id": request_id,
                "client-request-id": client_request_id,
            },
        }
    }


def not_found(key: str) -> GraphError:
    """404: no such object, or one that has not been replicated yet."""
    return GraphError(
        404,
        "Request_ResourceNotFound",
        f"Resource '{key}' does not exist or one of its queried reference-property objects"
        " are not present.",
    )


def unknown_segment(segment: str) -> GraphError:
    """400: this version has no such path."""
    return GraphError(400, "BadRequest", f"Resource not found for the segment '{segment}'.")


def method_not_allowed() -> GraphError:
    """405: the path exists, the method does not."""
    return GraphError(
        405,
        "Request_BadRequest",
        "Specified HTTP method is not allowed for the request target.",
    )


def unknown_property(name: str, type_name: str = "user") -> GraphError:
    """400: `$select` names what the type does not have."""
    return GraphError(
        400,
        "BadRequest",
        "Parsing OData Select and Expand failed: Could not find a property named"
        f" '{name}' on type 'microsoft.graph.{type_name}'.",
    )


def unsupported_query(message: str) -> GraphError:
    """400: a query that the directory does not answer."""
    return GraphError(400, "Request_UnsupportedQuery", message)


def bad_request(message: str) -> GraphError:
    """400 from the directory."""
    return GraphError(400, "Request_BadRequest", message)


def request_denied() -> GraphError:
    """403 from the directory: the token lacks the permission."""
    return GraphError(
        403, "Authorization_RequestDenied", "Insufficient privileges to complete the operation."
    )


def access_denied() -> GraphError:
    """403 from the authentication-methods service."""
    return GraphError(403, "accessDenied", "Request Authorization failed", repeat_inside=True)


def audit_permission_missing() -> GraphError:
    """403 from the sign-in data: the token lacks the permission."""
    return GraphError(
        403,
        "Authentication_MSGraphPermissionMissing",
        "Calling principal does not have required MSGraph permissions AuditLog.Read.All",
    )


def premium_tenant_needed(
    message: str = "Neither tenant is B2C or tenant doesn't have premium license",
) -> GraphError:
    """403 from the sign-in data and the reports: the tenant lacks the licence."""
    return GraphError(403, "Authentication_RequestFromNonPremiumTenantOrB2CTenant", message)


def scope_not_granted(permissions: Collection[str]) -> GraphError:
    """403 from Privileged Identity Management, whose own words stand inside the message."""
    names = ",".join(sorted(permissions))
    inner = (
        '{"errorCode":"PermissionScopeNotGranted","message":"Authorization failed due to missing'
        f' permission scope {names}."}}'
    )
    return GraphError(403, "UnknownError", inner)


def licence_required() -> GraphError:
    """400 from Privileged Identity Management in a tenant without its licence."""
    return GraphError(
        400,
        "AadPremiumLicenseRequired",
        "The tenant needs to have Microsoft Entra ID P2 or Microsoft Entra ID Governance license.",
    )


def policy_access_denied() -> GraphError:
    """403 from Conditional Access: the token lacks one of the permissions."""
    return GraphError(
        403,
        "AccessDenied",
        "You cannot perform the requested operation, required scopes are missing in the token.",
    )


def bad_policy_request(message: str) -> GraphError:
    """400 from Conditional Access."""
    return GraphError(400, "BadRequest", message)


def bad_method_request(message: str) -> GraphError:
    """400 from the authentication-methods service."""
    return GraphError(400, "badRequest", message, repeat_inside=True)


def not_modelled(what: str) -> GraphError:
    """501: Graph may answer this; the simulated tenant says plainly that it does not."""
    return GraphError(501, "notImplemented", f"The simulated tenant does not model {what}.")
