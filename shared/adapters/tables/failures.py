"""What the SDK's errors mean to us."""

from typing import Final

from azure.core.exceptions import ClientAuthenticationError, HttpResponseError

from shared.domain.errors import LifecycleError
from shared.domain.errors.storage import StoreDenied, StoreRefused, StoreUnavailable
from shared.names import Table

_DENIED: Final = frozenset({401, 403})
_PASSING: Final = frozenset({408, 429})
_SERVER_ERRORS: Final = range(500, 600)
_NOT_AS_REQUIRED: Final = frozenset({404, 409, 412})


class PreconditionFailed(Exception):
    """A row was not as the request needs it: it exists, it is gone, or it has changed.

    It stays inside this package. After an attempt without an answer it may also mean that the
    attempt was carried out.
    """


def failure_of(error: Exception, table: Table) -> LifecycleError | PreconditionFailed:
    """The meaning of an error of the SDK."""
    if isinstance(error, ClientAuthenticationError):
        return StoreDenied(f"{table}: the identity was refused: {_first_line(error)}")
    if not isinstance(error, HttpResponseError) or error.status_code is None:
        return StoreUnavailable(f"{table}: {type(error).__name__}: {_first_line(error)}")
    detail = f"{table}: {error.status_code} {_first_line(error)}"
    if error.status_code in _DENIED:
        return StoreDenied(detail)
    if error.status_code in _PASSING or error.status_code in _SERVER_ERRORS:
        return StoreUnavailable(detail)
    if "TableNotFound" in str(error) or "TableBeingDeleted" in str(error):
        return StoreUnavailable(f"There is no table {table}: deploy the infrastructure.")
    if error.status_code in _NOT_AS_REQUIRED:
        return PreconditionFailed(detail)
    return StoreRefused(detail)


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]
