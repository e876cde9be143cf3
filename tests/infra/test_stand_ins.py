"""The stand-in for Service Bus has the entities and limits that the Bicep gives the real one."""

import pytest

from local.generate import names as generator
from local.servicebus.settings import Settings, default_settings
from shared.names import Table


@pytest.fixture(scope="module")
def broker() -> Settings:
    """What the local stack tells its broker."""
    return default_settings(shared_access_key_name="name", shared_access_key="key")


def test_it_has_the_same_queues_topic_and_subscriptions(broker: Settings) -> None:
    """No entity exists on one side only."""
    bicep = generator.document()
    assert broker.queues == bicep["queues"]
    assert broker.topics == {bicep["eventsTopic"]: bicep["subscriptions"]}


def test_it_has_the_same_limits(broker: Settings) -> None:
    """A message is locked, counted, remembered and kept alike."""
    bicep, limits = generator.document()["broker"], broker.limits
    assert bicep == {
        "lockDuration": f"PT{limits.lock_duration_seconds:.0f}S",
        "maxDeliveryCount": limits.max_delivery_count,
        "duplicateDetection": f"P{limits.duplicate_detection_seconds / 86_400:.0f}D",
        "timeToLive": f"P{limits.time_to_live_seconds / 86_400:.0f}D",
        "maxMessageKilobytes": limits.max_message_kilobytes,
    }


def test_tables_have_names_that_azure_takes() -> None:
    """Letters and digits, a letter first, 3 to 63 of them, and no two alike but for case."""
    tables = [table.value for table in Table]
    assert all(name.isalnum() and name[0].isalpha() and 3 <= len(name) <= 63 for name in tables)
    assert len({name.lower() for name in tables}) == len(tables)
