"""The calls that we make to Microsoft Graph: one line of the API reference each."""
