"""Runs a `func.FunctionApp` on this machine as the Functions host and its Python worker would.

One asyncio process: HTTP on aiohttp, Service Bus triggers on the unmodified `azure-servicebus`
client, timers on the stack clock. Where Azure is strict or surprising, so is this host; where it
can't tell, it refuses. Facts about Azure name the source they were read from.
"""
