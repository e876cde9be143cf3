"""Azurite, the storage emulator of the local stack."""
