"""The policy of lost devices, decision by decision."""
