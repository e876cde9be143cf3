"""What a month came to, in numbers."""

from collections import Counter
from collections.abc import Iterable, Iterator

from tests.campaigns.comparing import Outcome
from tests.e2e.company import Json


def counts(outcome: Outcome) -> Iterator[tuple[str, str]]:
    """What was counted, and the numbers."""
    month, record = outcome.month, outcome.record
    told = [act.event for act in month.sent() if act.event is not None]
    touched = {act.key for act in month.acts}
    yield "seed", str(month.seed)
    yield "people", f"{len(outcome.truths)} in the tenant at the end, {len(touched)} with a story"
    yield "stories", _listed(month.people[key].story for key in touched)
    yield "deliveries by HR", _listed(event.type for event in told)
    yield "events", f"{len({event.id for event in told})} ids"
    yield "answers", _listed(str(one) for some in record.answers.values() for one in some)
    yield "other acts", _listed(act.verb for act in month.acts if act.event is None)
    for kind in ("onboarding", "leaver"):
        ends = (case["state"] for case in outcome.cases.values() if case["kind"] == kind)
        yield f"{kind} cases", _listed(ends)
    truths = outcome.truths.values()
    yield "per-user MFA", _listed(truth["perUserMfaState"] for truth in truths)
    yield "steps recorded", str(sum(len(case["steps"]) for case in outcome.cases.values()))
    yield "Graph requests by the app", f"{len(outcome.requests)}: {_listed(_routes(outcome))}"


def _routes(outcome: Outcome) -> Iterator[str]:
    return (_route(entry) for entry in outcome.requests)


def _route(entry: Json) -> str:
    return f"{entry['method']} {entry['route']}"


def _listed(values: Iterable[str]) -> str:
    return ", ".join(f"{count} {value}" for value, count in Counter(values).most_common())
