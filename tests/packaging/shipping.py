"""What ships: the files that .funcignore lets through, as gitignore reads it."""

import shutil
import subprocess
from pathlib import Path

from pathspec import GitIgnoreSpec

ROOT = Path(__file__).resolve().parents[2]


def ignored() -> GitIgnoreSpec:
    """The rules of .funcignore."""
    lines = (ROOT / ".funcignore").read_text(encoding="utf-8").splitlines()
    return GitIgnoreSpec.from_lines(lines)


def tracked() -> list[str]:
    """The files of the project that git knows, as paths from its root."""
    git = shutil.which("git")
    assert git is not None
    listed = subprocess.run([git, "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [path for path in listed.stdout.decode().split("\0") if path]


def shipped() -> list[str]:
    """The tracked files that are deployed."""
    rules = ignored()
    return [path for path in tracked() if not rules.match_file(path)]


def copy_shipped(target: Path) -> None:
    """Copy what ships, and nothing else, to a folder."""
    for path in shipped():
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, target / path)
