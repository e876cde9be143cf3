"""What a test's processes know of certificate authorities: one of them is enough.

Each client and each connection to a broker reads all that it is given, even where it never
encrypts anything: some 20 ms of computing for the 140 that a machine knows.
"""

from collections.abc import Iterator
from pathlib import Path

import certifi
import pytest


@pytest.fixture(scope="session")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with the certificate of one authority."""
    _, begin, rest = Path(certifi.where()).read_text().partition("-----BEGIN CERTIFICATE-----\n")
    first, end, _ = rest.partition("-----END CERTIFICATE-----\n")
    file = tmp_path_factory.mktemp("authorities") / "one.pem"
    file.write_text(f"{begin}{first}{end}")
    return file


@pytest.fixture(scope="session", autouse=True)
def one_authority_here(authority: Path) -> Iterator[None]:
    """In this process, clients that don't ask the environment read one, too: they ask certifi."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(certifi, "where", lambda: str(authority))
        yield


@pytest.fixture(scope="package", autouse=True)
def one_authority(authority: Path) -> Iterator[None]:
    """For a folder whose tests encrypt nothing: the processes that they start read one."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SSL_CERT_FILE", str(authority))
        yield
