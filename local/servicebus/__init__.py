"""A stand-in for Azure Service Bus that the unmodified `azure-servicebus` client drives.

AMQP 1.0 on the outside, SQLite underneath. What is acknowledged is committed first, so killing the
process loses nothing. It is meant to be less forgiving than Azure, never more.

Layers, from the outside in:

* `server`, `connection`: sockets and the AMQP engine, one commit per turn of the event loop;
* `links`, `cbs`, `management`: what the links of a connection do;
* `broker` (with `sending`, `receiving`, `upkeep`): the semantics of queues and topics, no AMQP;
* `store`: the messages on disk. `envelope`, `sections`: a message between wire and disk.
"""
