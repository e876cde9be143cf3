"""A simulated Microsoft 365 tenant that speaks Microsoft Graph over HTTP.

Never deployed. `python -m local.graph` runs it on loopback; the real clients drive it. It is meant
to be unforgiving: what Graph refuses, it refuses, with Graph's status and body.

- `tenant/`: people, methods, rules, time and replication. Knows no HTTP.
- `api/`: Graph's v1.0 and beta over the tenant. A new resource begins in `api/routes/`.
- `exchange/`: Exchange Online's admin interface over the tenant's mailboxes.
- `control/`: `/_sim/`, for tests: make people, let them act, move time, ask for the truth.
- `identity.py`, `throttling.py`, `faults.py`, `journal.py`: tokens, limits, scripted trouble, log.
- `front.py`, `server.py`, `simulation.py`: HTTP, the process, and how the parts come together.

Kept over a restart (SIGTERM or SIGINT; `kill -9` may lose it): people, groups, roles, the audit
log, switches, lag, the signing key. Faults, throttling, counts and the request log begin anew.
"""
