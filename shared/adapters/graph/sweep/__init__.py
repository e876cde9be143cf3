"""What a sweep reads from Microsoft Graph: everybody, and what is true of the tenant."""
