"""What runs in Azure: the Bicep, and the script that grants Microsoft Graph's application roles."""
