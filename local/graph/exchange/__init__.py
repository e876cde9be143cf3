"""Exchange Online's admin REST interface, beside the tenant: cmdlets as JSON.

Source: what `ExchangeOnlineManagement` sends; nothing of it is documented for others. Shapes of
requests and answers are those that tools in use send and read.
"""
