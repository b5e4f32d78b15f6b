"""Questions in the formats of others: bytes to Items and back. Only `store` knows the database."""
