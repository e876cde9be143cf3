"""What a test's processes know of certificate authorities: one of them is enough."""

import ssl
from collections.abc import Iterator

import httpx
import pytest


@pytest.fixture(scope="package", autouse=True)
def one_authority(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """For a folder whose tests encrypt nothing: this process and those that it starts read one.

    Each client and each connection to a broker reads all that it is given, even where it never
    encrypts anything: some 20 ms of computing for the 140 that a machine knows.
    """
    first, *_ = httpx.create_ssl_context(trust_env=False).get_ca_certs(binary_form=True)
    file = tmp_path_factory.mktemp("authorities") / "one.pem"
    file.write_text(ssl.DER_cert_to_PEM_cert(first))
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("SSL_CERT_FILE", str(file))
        yield
