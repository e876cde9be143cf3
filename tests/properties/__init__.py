"""Campaigns over the real use cases and the real policy, with every port in memory."""
