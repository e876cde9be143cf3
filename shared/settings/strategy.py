"""The settings that say how MFA is required, and which groups that takes."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.domain.ids import GroupId
from shared.domain.strategies import PER_USER, ByGroup, Strategy, StrategyName
from shared.settings.resets import ResetSettings
from shared.settings.values import group, optional, setting


@dataclass(frozen=True, slots=True, kw_only=True)
class StrategySettings(ResetSettings):
    """How MFA is required of people."""

    strategy: StrategyName = setting(
        "MFA_STRATEGY",
        "How MFA is required: `per-user` (per-user MFA) or `group` (membership of groups that "
        "Conditional Access policies target; per-user MFA is never written). Not both in a tenant.",
        StrategyName,
        default=StrategyName.PER_USER,
    )
    registration_group: GroupId | None = setting(
        "MFA_REGISTRATION_GROUP_ID",
        "Object id of the group whose members are asked to register; for the strategy `group`.",
        optional(group),
        default="",
    )
    enforcement_group: GroupId | None = setting(
        "MFA_ENFORCEMENT_GROUP_ID",
        "Object id of the group of whose members a policy requires MFA; for the strategy `group`. "
        "With `per-user`, joiners join it before they are enabled.",
        optional(group),
        default="",
    )
    sspr_group: GroupId | None = setting(
        "MFA_SSPR_GROUP_ID",
        "Object id of the group for which self-service password reset is on; joiners join it.",
        optional(group),
        default="",
    )

    def groups(self) -> tuple[GroupId, ...]:
        """The groups that settings name, each once."""
        named = (self.registration_group, self.enforcement_group, self.sspr_group)
        return tuple(dict.fromkeys(one for one in named if one is not None))

    def chosen_strategy(self) -> Strategy:
        """The strategy, with its groups."""
        registration, enforcement = self.registration_group, self.enforcement_group
        if self.strategy is StrategyName.PER_USER or registration is None or enforcement is None:
            return PER_USER
        return ByGroup(registration=registration, enforcement=enforcement)


def strategy_problems(values: Mapping[str, object]) -> list[str]:
    """What the strategy needs and these values lack."""
    if values["strategy"] is not StrategyName.GROUP:
        return []
    named = {"registration_group": "MFA_REGISTRATION_GROUP_ID"}
    named |= {"enforcement_group": "MFA_ENFORCEMENT_GROUP_ID"}
    found = [f"{name} is missing" for field, name in named.items() if values[field] is None]
    if not found and values["registration_group"] == values["enforcement_group"]:
        found.append("the registration group and the enforcement group are the same")
    return found
