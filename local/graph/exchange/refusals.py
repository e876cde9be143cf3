"""How Exchange Online says no."""

from collections.abc import Mapping
from typing import Any

_FAILED = "Error executing cmdlet"
_EXCHANGE = "Microsoft.Exchange.Configuration.Tasks."
_SHELL = "System.Management.Automation."


class AdminError(Exception):
    """A request is refused.

    Args:
        status: the HTTP status.
        body: the JSON body; None = an empty one.
        headers: further response headers.
    """

    def __init__(
        self,
        status: int,
        body: dict[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status)
        self.status = status
        self.body = body
        self.headers = headers or {}


def unauthorized() -> AdminError:
    """401: no token, none for Exchange, or one without `Exchange.ManageAsApp`; it says no more."""
    return AdminError(401, headers={"WWW-Authenticate": "Bearer"})


def forbidden(message: str) -> AdminError:
    """403, in plain words."""
    return AdminError(403, {"error": {"code": "Forbidden", "message": message}})


def role_missing(app_id: str) -> AdminError:
    """403: the permission is there, and no role of the directory for the application."""
    return forbidden(
        f"The role assigned to application {app_id} isn't supported in this scenario. Please check"
        " online documentation for assigning correct Directory Roles to Azure AD Application for"
        " EXO App-Only Authentication."
    )


def bad_request(message: str) -> AdminError:
    """400: the body is not the JSON of a cmdlet."""
    return AdminError(400, {"error": {"code": "BadRequest", "message": message}})


def not_modelled(what: str) -> AdminError:
    """501: Exchange may answer this; the simulated tenant says plainly that it does not."""
    message = f"The simulated tenant does not model {what}."
    return AdminError(501, {"error": {"code": "NotImplemented", "message": message}})


def no_mailbox(identity: str) -> AdminError:
    """404: nobody of this name, or nobody who has a mailbox."""
    message = (
        f"The operation couldn't be performed because object '{identity}' couldn't be found on"
        " 'CONTOSO.PROD.OUTLOOK.COM'."
    )
    return _failed(
        404, "NotFound", "Ex6F9304", f"{_EXCHANGE}ManagementObjectNotFoundException", message
    )


def unknown_cmdlet(name: str) -> AdminError:
    """400: no such cmdlet, or none that the application may run."""
    message = f"The term '{name}' is not recognized as the name of a cmdlet."
    return _failed(400, "BadRequest", "", f"{_SHELL}CommandNotFoundException", message)


def unknown_parameter(name: str) -> AdminError:
    """400: the cmdlet has no such parameter."""
    message = f"A parameter cannot be found that matches parameter name '{name}'."
    return _failed(400, "BadRequest", "", f"{_SHELL}ParameterBindingException", message)


def missing_parameter(name: str) -> AdminError:
    """400: the cmdlet does nothing without it."""
    message = f"Cannot process command because of one or more missing mandatory parameters: {name}."
    return _failed(400, "BadRequest", "", f"{_SHELL}ParameterBindingException", message)


def wrong_type(name: str, value: object) -> AdminError:
    """400: the value is not one of the parameter's."""
    message = (
        f"Cannot process argument transformation on parameter '{name}'. Cannot convert value"
        f' "{value}" to its type.'
    )
    return _failed(
        400, "BadRequest", "", f"{_SHELL}ParameterBindingArgumentTransformationException", message
    )


def _failed(status: int, code: str, tag: str, kind: str, message: str) -> AdminError:
    """What the server answers where a cmdlet failed: the reason stands in the details alone."""
    inner = {
        "message": _FAILED,
        "type": "Microsoft.Exchange.Admin.OData.Core.ODataServiceException",
        "stacktrace": "",
        "internalexception": {"message": message, "type": kind, "stacktrace": ""},
    }
    detail = {"code": "Context", "target": "", "message": f"{tag}|{kind}|{message}"}
    error = {"code": code, "message": _FAILED, "details": [detail], "innererror": inner}
    return AdminError(status, {"error": error})
