"""What a sweep reads of the tenant as a whole: the port `TenantSource` on Microsoft Graph."""
