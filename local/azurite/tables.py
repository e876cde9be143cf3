"""Makes the tables that the Bicep makes in Azure."""

from azure.core.exceptions import ResourceExistsError
from azure.data.tables.aio import TableServiceClient

from shared.names import Table


async def ensure_tables(connection_string: str) -> None:
    """Make every table of the app that is not there yet."""
    async with TableServiceClient.from_connection_string(connection_string) as service:
        for table in Table:
            try:
                await service.create_table(table.value)
            except ResourceExistsError:
                continue
