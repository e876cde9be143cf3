"""Makes `.venv` with the pinned packages on first use, then runs the command inside it.

Runs before anything is installed: standard library only.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PINS = ROOT / "requirements-dev.txt"
VENV = ROOT / ".venv"


def main() -> None:
    """Prepare `.venv` where that is due and become `python -m local` in it."""
    python = VENV / "bin" / "python"
    stamp = VENV / "pins.sha256"
    wanted = fingerprint(PINS)
    if not (stamp.is_file() and python.exists() and stamp.read_text() == wanted):
        try:
            prepare(python)
        except KeyboardInterrupt:
            sys.exit("dev: stopped. The next ./dev goes on with it.")
        stamp.write_text(wanted)
    os.execv(python, [str(python), "-m", "local", *sys.argv[1:]])  # noqa: S606 - no shell wanted


def fingerprint(pins: Path) -> str:
    """What an environment was made for: the pins, and the Python below it."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    return hashlib.sha256(version.encode() + pins.read_bytes()).hexdigest()


def prepare(python: Path) -> None:
    """Make the environment, or bring it up to the pins.

    Raises:
        SystemExit: it can't be made; says what to do about it.
    """
    if not usable(python):
        say(f"Making .venv with Python {sys.version.split()[0]} (once).")
        shutil.rmtree(VENV, ignore_errors=True)
        try:
            venv.create(VENV, with_pip=True, symlinks=True)
        except subprocess.CalledProcessError:
            sys.exit(
                "dev: this Python can't make a virtual environment with pip. On Debian and Ubuntu: "
                "apt-get install python3-venv"
            )
    install(python)


def usable(python: Path) -> bool:
    """Whether the environment's Python runs, is this one's version and has pip."""
    if not python.exists():
        return False
    version = f"import pip, sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]})"
    return subprocess.run([python, "-c", version], check=False, capture_output=True).returncode == 0  # noqa: S603 - our own interpreter


def install(python: Path) -> None:
    """Install the pins, counting them as they come.

    Raises:
        SystemExit: pip failed; its own last words are shown.
    """
    total = sum(1 for line in PINS.read_text().splitlines() if "==" in line)
    command = [str(python), "-m", "pip", "install", "--no-compile", "--no-input"]
    command += ["--disable-pip-version-check", "--requirement", str(PINS)]
    said: list[str] = []
    found = 0
    with subprocess.Popen(  # noqa: S603 - our own interpreter and pins
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as pip:
        assert pip.stdout is not None  # noqa: S101 - it is a pipe
        for line in pip.stdout:
            said.append(line)
            if line.startswith(("Collecting ", "Requirement already satisfied: ")):
                found += 1
                progress(f"Fetching packages: {found} of at most {total}", last=False)
            elif line.startswith("Installing collected packages"):
                progress("Fetching packages: done", last=True)
                say("Installing them (about half a minute).")
    if pip.returncode:
        sys.exit("".join(said[-20:]) + f"dev: pip failed ({pip.returncode}); see above.")


def progress(text: str, *, last: bool) -> None:
    """One line that rewrites itself on a terminal; silent elsewhere until it is done."""
    if sys.stderr.isatty():
        sys.stderr.write(f"\r{text:<60}" + ("\n" if last else ""))
        sys.stderr.flush()
    elif last:
        say(text)


def say(text: str) -> None:
    """Tell the person at once."""
    sys.stderr.write(text + "\n")
    sys.stderr.flush()


if __name__ == "__main__":
    main()
