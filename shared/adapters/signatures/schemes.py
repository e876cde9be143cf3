"""The scheme that a source's profile names."""

from collections.abc import Mapping

from shared.adapters.signatures.entra_principal import EntraPrincipal
from shared.adapters.signatures.hmac_signature import HmacSignature
from shared.adapters.signatures.vendors import RECIPES
from shared.application.ports.sources import SchemeName, SignatureScheme
from shared.domain.ids import UserId


def scheme_of(
    name: SchemeName, secrets: Mapping[str, str], callers: frozenset[UserId]
) -> SignatureScheme:
    """The scheme of this name.

    Args:
        name: which.
        secrets: the source's present secrets by their number.
        callers: the object ids of those who may call, for the scheme that looks at them.
    """
    match name:
        case SchemeName.STANDARD_WEBHOOKS:
            # Its package costs more to import than everything else here.
            from shared.adapters.signatures.standard_webhooks import (  # noqa: PLC0415
                StandardWebhooks,
            )

            return StandardWebhooks(secrets)
        case SchemeName.ENTRA_PRINCIPAL:
            return EntraPrincipal(callers)
        case _:
            return HmacSignature(RECIPES[name], secrets)
