"""The local stack: Azurite, the Service Bus stand-in, the simulated tenant and the host."""
