"""What the broker tells the operator: one JSON line per notable event, never a message body."""

import json
import sys
from datetime import UTC, datetime


def note(event: str, **fields: object) -> None:
    """Write one event to standard error."""
    line = {"time": datetime.now(UTC).isoformat(), "event": event, **fields}
    sys.stderr.write(json.dumps(line, default=str) + "\n")
    sys.stderr.flush()
