"""Generate `infra/names.json`, which the Bicep loads, from shared/names.py and shared/rights.py.

python -m local.generate.names [--check]
"""

import json
import sys
from datetime import timedelta
from typing import Any

from local.generate.files import ROOT, write_or_check
from shared import names, rights

TARGET = ROOT / "infra" / "names.json"


def iso_duration(duration: timedelta) -> str:
    """An ISO 8601 duration of whole days and seconds, as Azure Resource Manager reads it."""
    if duration.microseconds:
        raise ValueError(f"{duration} is not a whole number of seconds")
    days = f"{duration.days}D" if duration.days else ""
    seconds = f"T{duration.seconds}S" if duration.seconds else ""
    return f"P{days}{seconds}" if days or seconds else "PT0S"


def granted(app: names.App) -> dict[str, list[str]]:
    """What an app's identity may do with tables and queues: one list for each built-in role."""
    tables, queues = rights.TABLE_RIGHTS[app], rights.QUEUE_RIGHTS[app]
    return {
        "readsTables": [table for table in tables if tables[table] is rights.Access.READ],
        "writesTables": [table for table in tables if tables[table] is rights.Access.WRITE],
        "sendsTo": [queue for queue in queues if rights.QueueRight.SEND in queues[queue]],
        "receivesFrom": [queue for queue in queues if rights.QueueRight.RECEIVE in queues[queue]],
    }


def document() -> dict[str, Any]:
    """The names, in the shape in which the Bicep uses them."""
    every_function = frozenset(names.FunctionName)
    return {
        "$comment": "Generated from shared/names.py: python -m local.generate.names",
        "apps": [app.value for app in names.App],
        "disabledFunctions": {
            app.value: sorted(every_function - names.FUNCTIONS[app]) for app in names.App
        },
        "rights": {app.value: granted(app) for app in names.App},
        "queues": [queue.value for queue in names.Queue],
        "bindingSettings": {
            **{names.Setting[f"{queue.name}_QUEUE"].value: queue.value for queue in names.Queue},
            names.Setting.EVENTS_TOPIC.value: names.EVENTS_TOPIC,
            names.Setting.SWEEP_SCHEDULE.value: names.EVERY_NIGHT,
        },
        "sweepSchedule": names.Setting.SWEEP_SCHEDULE.value,
        "eventsTopic": names.EVENTS_TOPIC,
        "subscriptions": [subscription.value for subscription in names.Subscription],
        "serviceBusConnection": names.Setting.SERVICE_BUS.value,
        "tables": [table.value for table in names.Table],
        "broker": {
            "lockDuration": iso_duration(names.BROKER.lock_duration),
            "maxDeliveryCount": names.BROKER.max_delivery_count,
            "duplicateDetection": iso_duration(names.BROKER.duplicate_detection),
            "timeToLive": iso_duration(names.BROKER.time_to_live),
            "maxMessageKilobytes": names.BROKER.max_message_kilobytes,
        },
    }


def main() -> int:
    """The command line; see the module's docstring."""
    content = json.dumps(document(), indent=2) + "\n"
    return write_or_check({TARGET: content}, module="local.generate.names")


if __name__ == "__main__":
    sys.exit(main())
