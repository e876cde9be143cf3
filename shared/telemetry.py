"""Log events, not prose: a name and fields, readable with and without a structured backend.

The Functions worker hands the host the message alone, so the fields stand in it as well as in
`extra`. Field values are ids, codes and counts; never a sign-in name, a contact or a secret.
"""

import logging


class EventLog:
    """Logs the events of one module."""

    def __init__(self, name: str) -> None:
        self._logger = logging.getLogger(name)

    def info(self, event: str, **fields: str | float | None) -> None:
        """Something happened as it should."""
        self._log(logging.INFO, event, fields)

    def warning(self, event: str, **fields: str | float | None) -> None:
        """Something went wrong that the system mends by itself."""
        self._log(logging.WARNING, event, fields)

    def exception(self, event: str, **fields: str | float | None) -> None:
        """Something went wrong that nobody foresaw; with its stack trace, for the log alone."""
        self._log(logging.ERROR, event, fields, exc_info=True)

    def _log(
        self,
        level: int,
        event: str,
        fields: dict[str, str | float | None],
        *,
        exc_info: bool = False,
    ) -> None:
        told = "".join(f" {name}={value}" for name, value in fields.items())
        self._logger.log(
            level, "%s%s", event, told, exc_info=exc_info, extra={"event": event, **fields}
        )
