"""What happens in the demo, in order, and whether it ended as it should."""

from collections.abc import Callable
from dataclasses import dataclass

from local.demo.actors import Actors, Json
from local.stack.stack import Options

OPTIONS = Options(settings={"MFA_CHECK_FIRST_SECONDS": "3"})
"""The app looks for the registration every three seconds here; by default it takes its time."""

_SIGN_IN_NAME = "new.hire@contoso.example"
_EMPLOYEE_ID = "E-1001"
_METHODS = {"#microsoft.graph.microsoftAuthenticatorAuthenticationMethod"}


@dataclass(frozen=True)
class Ending:
    """How it ended.

    Attributes:
        case: the case as the app tells it.
        events: what was published about it.
        truth: the account as the tenant knows it.
    """

    case: Json
    events: list[Json]
    truth: Json

    @property
    def doubts(self) -> list[str]:
        """Where the tenant's own truth, or the events, disagree with what the app claims."""
        kinds = [event["type"] for event in self.events]
        methods = {method["@odata.type"] for method in self.truth["methods"]}
        claims = {
            "the case is completed": self.case["state"] == "completed",
            "the case is about this account": self.case["userId"] == self.truth["id"],
            "the tenant says enforced": self.truth["perUserMfaState"] == "enforced",
            "the tenant has the registered method": methods >= _METHODS,
            "one completion was published": kinds.count("mfa.case.completed") == 1,
        }
        return [claim for claim, holds in claims.items() if not holds]


def tell(actors: Actors, say: Callable[[str], None], look: Callable[[str], None]) -> Ending:
    """Play it.

    Args:
        actors: who takes part.
        say: told each thing that has happened.
        look: told the state of the case while it is waited for.

    Raises:
        DemoError: something did not happen.
    """
    account = actors.directory_creates(_SIGN_IN_NAME, _EMPLOYEE_ID)
    state = actors.truth(account["id"])["perUserMfaState"]
    say(f"The directory has a new account; its per-user MFA state is [bold]{state}[/].")
    accepted = actors.hr_announces(_SIGN_IN_NAME, _EMPLOYEE_ID)
    case_id = accepted["caseId"]
    say(f"HR posts a signed webhook: 202, case [bold]{case_id}[/] is {accepted['state']}.")
    actors.case_reaches(case_id, "waiting-registration", look)
    state = actors.truth(account["id"])["perUserMfaState"]
    say(f"The account is [bold]{state}[/]; the case waits for the person to register.")
    actors.person_registers(account["id"])
    say("The person registers Microsoft Authenticator.")
    case = actors.case_reaches(case_id, "completed", look)
    truth = actors.truth(account["id"])
    say(f"The account is [bold]{truth['perUserMfaState']}[/]; the case is completed.")
    return Ending(case=case, events=actors.siem_reads("mfa.case.completed"), truth=truth)
