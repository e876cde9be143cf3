"""Azurite, the Table Storage of the local stack: installed by npm, started with Node."""
