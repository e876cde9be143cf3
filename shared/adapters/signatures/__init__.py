"""How sources sign their webhooks."""
