"""The benchmarks on the real stack."""

from tests.stands.authorities import one_authority

__all__ = ["one_authority"]
