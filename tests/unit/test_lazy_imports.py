"""What importing the adapters costs."""

import subprocess
import sys

import pytest

_LOADED = "import sys, {module}; print('\\n'.join(sys.modules))"
_SDKS = ("msgraph", "kiota_http", "httpx", "azure.servicebus", "azure.identity", "azure.core")


def loaded_by(module: str) -> set[str]:
    """The modules that a fresh interpreter has loaded after importing this one."""
    done = subprocess.run(
        [sys.executable, "-c", _LOADED.format(module=module)],
        check=True,
        capture_output=True,
        text=True,
    )
    return set(done.stdout.split())


@pytest.mark.parametrize(
    "package",
    ["shared.adapters", "shared.adapters.graph", "shared.adapters.servicebus"],
)
def test_adapter_package_loads_no_sdk(package: str) -> None:
    """Importing an adapter's package loads no SDK; its modules do, when they are needed."""
    assert not loaded_by(package).intersection(_SDKS)


def test_graph_client_loads_no_sdk_models() -> None:
    """The Graph client loads the SDK's machinery and none of its generated models."""
    loaded = loaded_by("shared.adapters.graph.client")
    assert not [name for name in loaded if name.startswith("msgraph.generated.models")]
    assert len([name for name in loaded if name.startswith("msgraph.generated")]) <= 2
