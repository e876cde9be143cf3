"""`python -m local.graph`: run a simulated tenant."""

import argparse
import asyncio
from pathlib import Path

import msgspec

from local.clock import StackClock
from local.graph.identity import IdentityConfig
from local.graph.server import serve
from local.graph.simulation import build


def main() -> None:
    """Read the command line and serve until told to stop."""
    parser = argparse.ArgumentParser(prog="python -m local.graph", description=__doc__)
    parser.add_argument("--port", type=int, required=True, help="0 takes a free one")
    parser.add_argument("--data", type=Path, required=True, help="snapshot and signing key")
    parser.add_argument("--clock", type=Path, required=True, help="the stack's clock file")
    parser.add_argument("--config", type=Path, help="the identities of the apps, as JSON")
    parser.add_argument("--users", type=int, default=0, help="people in a fresh tenant")
    parser.add_argument("--seed", type=int, default=1, help="which people those are")
    chosen = parser.parse_args()
    config = IdentityConfig()
    if chosen.config is not None:
        config = msgspec.json.decode(chosen.config.read_bytes(), type=IdentityConfig)
    with StackClock(chosen.clock) as clock:
        asyncio.run(
            serve(build(clock, chosen.data, config, chosen.users, chosen.seed), chosen.port)
        )


if __name__ == "__main__":
    main()
