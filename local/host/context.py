"""The `func.Context` that a function may ask for."""

import secrets
import threading
from dataclasses import dataclass
from typing import Any

import azure.functions as func
from azure.functions import _abc

_thread_local = threading.local()


class _TraceContext(_abc.TraceContext):
    def __init__(self) -> None:
        self._parent = f"00-{secrets.token_hex(16)}-{secrets.token_hex(8)}-00"

    @property
    def trace_parent(self) -> str:
        return self._parent

    @property
    def trace_state(self) -> str:
        return ""

    @property
    def attributes(self) -> dict[str, str]:
        return {}


class _RetryContext(_abc.RetryContext):
    @property
    def retry_count(self) -> int:
        return 0

    @property
    def max_retry_count(self) -> int:
        return 0

    @property
    def exception(self) -> Any:  # noqa: ANN401 - RpcException is not part of the public API
        return None


@dataclass(frozen=True)
class InvocationContext(func.Context):
    """Tells a function who it is and in which invocation."""

    name: str
    directory: str
    id: str
    trace: _TraceContext
    retry: _RetryContext

    @classmethod
    def of(cls, name: str, directory: str, invocation_id: str) -> "InvocationContext":
        """A context with a trace of its own; the host retries nothing."""
        return cls(name, directory, invocation_id, _TraceContext(), _RetryContext())

    @property
    def invocation_id(self) -> str:
        """The id of this invocation."""
        return self.id

    @property
    def thread_local_storage(self) -> Any:  # noqa: ANN401 - the base says type[local], is a local
        """Where a thread that the function starts may put the invocation id."""
        return _thread_local

    @property
    def function_name(self) -> str:
        """The name of the function."""
        return self.name

    @property
    def function_directory(self) -> str:
        """Where the function's module lies."""
        return self.directory

    @property
    def trace_context(self) -> _TraceContext:
        """The W3C trace that this invocation belongs to."""
        return self.trace

    @property
    def retry_context(self) -> _RetryContext:
        """How often this invocation was retried: never."""
        return self.retry
