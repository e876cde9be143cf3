"""The Temporary Access Pass: a credential that a signed-in person collects for somebody else."""
