"""Microsoft Graph over the tenant: v1.0 and beta.

`routes/` lists every request that is understood. To add a resource, write a module with its
handlers and add its lines there; `service.py` does the rest (token, version, permission,
throttling, error bodies), for single requests and inside `$batch` alike.
"""
