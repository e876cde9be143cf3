"""Where a stack keeps its files."""

from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
"""The folder of the project."""


@dataclass(frozen=True)
class Layout:
    """The files of one stack, all under its directory. Delete the directory to start anew."""

    directory: Path

    @property
    def description(self) -> Path:
        """What others read to use the stack; there while it is up."""
        return self.directory / "stack.json"

    @property
    def keys(self) -> Path:
        """The stack's secrets, kept from run to run."""
        return self.directory / "keys.json"

    @property
    def ports(self) -> Path:
        """The ports of the last run."""
        return self.directory / "ports.json"

    @property
    def processes(self) -> Path:
        """What was started, so that it can be stopped by another process."""
        return self.directory / "processes.json"

    @property
    def lock(self) -> Path:
        """Held while the stack is being started or stopped."""
        return self.directory / "lock"

    @property
    def clock(self) -> Path:
        """The stack clock's offset."""
        return self.directory / "clock"

    def log(self, name: str) -> Path:
        """The log of a process."""
        return self.directory / "logs" / f"{name}.log"

    def data(self, name: str) -> Path:
        """The folder in which a process keeps its state."""
        return self.directory / "data" / name

    def configuration(self, name: str) -> Path:
        """The configuration file of a process."""
        return self.directory / "configuration" / f"{name}.json"


def write_private(path: Path, content: bytes) -> None:
    """Replace a file at once, by one that only its owner can read."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f"{path.name}.new")
    new.unlink(missing_ok=True)
    new.touch(mode=0o600)
    new.write_bytes(content)
    new.replace(path)
