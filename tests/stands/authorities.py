"""What a test's processes know of certificate authorities: one of them is enough."""

from collections.abc import Iterator

import certifi
import pytest

_END = "-----END CERTIFICATE-----\n"


@pytest.fixture(scope="package", autouse=True)
def one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For a folder whose tests encrypt nothing: this process and those that it starts read one.

    Each client and each connection to a broker reads all that it is given, even where it never
    encrypts anything: some 20 ms of computing for the 140 that a machine knows.
    """
    first, end, _ = certifi.contents().partition(_END)
    file = tmp_path_factory.mktemp("authorities") / "one.pem"
    file.write_text(first + end)
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SSL_CERT_FILE", str(file))
        yield
