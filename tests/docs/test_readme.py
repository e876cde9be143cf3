"""What the README says is what happens."""

import json
import re
import subprocess
import time
from pathlib import Path

import httpx
import pytest

from local.commands import bench, check, demo, down, hr_check, logs, sweep, test, ticket_check, up
from local.stack.stack import Stack

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PATIENCE_SECONDS = 60


def shell_blocks() -> list[str]:
    """The README's blocks for the shell, in order."""
    return re.findall(r"```sh\n(.*?)```", README, re.DOTALL)


def test_every_command_exists() -> None:
    """Each `./dev` command that the README names is one, and each one is named."""
    named = set(re.findall(r"\./dev ([\w-]+)", README))
    modules = (bench, check, demo, down, hr_check, logs, sweep, test, ticket_check, up)
    assert named == {module.__name__.rpartition(".")[2].replace("_", "-") for module in modules}


def test_every_link_leads_somewhere() -> None:
    """Files that the README points to are there."""
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert [link for link in links if not (ROOT / link).exists()] == []


@pytest.mark.slow
def test_the_first_webhook_works_word_for_word(tmp_path: Path) -> None:
    """The block with curl opens a case, as it stands in the README."""
    (block,) = [block for block in shell_blocks() if "webhook-signature" in block]
    with Stack(tmp_path / ".local") as stack:
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", block],  # noqa: S607  (a newcomer's shell)
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=True,
        )
        accepted = json.loads(done.stdout[done.stdout.index('{"caseId"') :])
        key = {"x-functions-key": stack.description.function_key}
        deadline = time.monotonic() + PATIENCE_SECONDS
        while (case := httpx.get(accepted["statusUrl"], headers=key).json())["state"] != (
            "waiting-registration"
        ):
            assert time.monotonic() < deadline, case
            time.sleep(0.1)
