"""How an act of the demo ended, and whether the tenant agrees."""

from collections.abc import Mapping
from dataclasses import dataclass

from local.demo.actors import Json


@dataclass(frozen=True)
class Ending:
    """How an act ended.

    Attributes:
        act: what it was about.
        case: the case as the app tells it.
        events: what was published about it.
        truth: the account as the tenant knows it.
        claims: what has to be so now, by the tenant's own truth and the events.
    """

    act: str
    case: Json
    events: list[Json]
    truth: Json
    claims: Mapping[str, bool]

    @property
    def doubts(self) -> list[str]:
        """Where the tenant's own truth, or the events, disagree with what the app claims."""
        return [claim for claim, holds in self.claims.items() if not holds]


def ended(act: str, case: Json, events: list[Json], truth: Json, **more: bool) -> Ending:
    """The ending of an act whose case has to be completed, by whoever is left with one method.

    Args:
        act: what it was about.
        case: the case as the app tells it.
        events: what was published about it.
        truth: the account as the tenant knows it.
        more: what else has to be so, in words joined by underscores.
    """
    kinds = [event["type"] for event in events]
    methods = {method["@odata.type"].rpartition(".")[2] for method in truth["methods"]}
    claims = {
        "the case is completed": case["state"] == "completed",
        "the case is about this account": case["userId"] == truth["id"],
        "the tenant says enforced": truth["perUserMfaState"] == "enforced",
        "the tenant has the registered method": "microsoftAuthenticatorAuthenticationMethod"
        in methods,
        "one completion was published": kinds.count("mfa.case.completed") == 1,
        **{claim.replace("_", " "): holds for claim, holds in more.items()},
    }
    return Ending(act, case, events, truth, claims)
