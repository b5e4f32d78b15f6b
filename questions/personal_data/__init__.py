"""Export, import and deletion of one owner's data.

The format of the file (schema, archives, tables) has no ORM; `exporter`, the importers and `deletion` use the database.
"""
