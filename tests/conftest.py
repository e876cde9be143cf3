"""How every test runs."""

from hypothesis import HealthCheck, settings

# Tests count calls, modules and bytes, never seconds: the machine may be busy.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
