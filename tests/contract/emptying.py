"""Empties the emulator between tests."""

from azure.data.tables.aio import TableServiceClient

from shared.names import Table


async def drop_tables(connection_string: str) -> None:
    """Remove every table with its rows."""
    async with TableServiceClient.from_connection_string(connection_string) as service:
        for table in Table:
            await service.delete_table(table.value)
