"""The host's indexing beside that of Microsoft's own worker, azure-functions-runtime."""

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from local.host.index import index

SAMPLES = ("http_app", "bus_app", "timer_app")
SETTINGS = {
    "BUS": "Endpoint=sb://127.0.0.1/",
    "WORK_QUEUE": "work",
    "LEAP_SCHEDULE": "0 0 0 29 2 *",
}


def _python_3_13() -> str | None:
    """The interpreter that the worker package asks for."""
    if sys.version_info[:2] == (3, 13):
        return sys.executable
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    kept = sorted(pyenv.glob("versions/3.13.*/bin/python3.13"))
    return str(kept[-1]) if kept else shutil.which("python3.13")


def _run(*command: str) -> str:
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return done.stdout


@pytest.mark.slow
@pytest.mark.skipif(_python_3_13() is None, reason="the worker needs Python 3.13")
def test_worker_indexes_what_the_host_indexes(tmp_path: Path) -> None:
    """Same functions, same bindings; and what the host refuses, the worker refuses too."""
    python = str(tmp_path / "venv" / "bin" / "python")
    _run(str(_python_3_13()), "-m", "venv", str(tmp_path / "venv"))
    _run(python, "-m", "pip", "install", "-q", "azure-functions-runtime", "azure-functions>=2.3,<3")
    answer = json.loads(_run(python, "-m", "tests.local.host.worker_index", *SAMPLES))
    for sample in SAMPLES:
        functions = index(importlib.import_module(f"tests.local.host.{sample}").app, SETTINGS)
        expected = {function.name: list(function.bindings) for function in functions}
        assert answer["accepted"][sample] == expected
    assert all(answer["refusals"].values()), answer["refusals"]
