"""The way to the app, for all who call it."""

from collections.abc import Awaitable, Callable

import httpx

from local.stack.description import Description


class AppCaller:
    """Whoever has the function key.

    Args:
        stack: where everything is; addresses outlive the restart of any part.
        on_answer: given every answer of the app.
    """

    def __init__(
        self,
        stack: Description,
        *,
        on_answer: Callable[[httpx.Response], Awaitable[None]] | None = None,
    ) -> None:
        self.stack = stack
        self._app = httpx.AsyncClient(
            base_url=stack.http,
            headers={"x-functions-key": stack.function_key},
            trust_env=False,
            timeout=30,
            event_hooks={"response": [] if on_answer is None else [on_answer]},
            # A host that was killed leaves dead connections behind.
            transport=httpx.AsyncHTTPTransport(
                retries=1, limits=httpx.Limits(max_keepalive_connections=0)
            ),
        )
