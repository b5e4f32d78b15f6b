"""One person's data as a file of their own, out and in again. No ORM: `exporter` reads the rows and
`importer` writes them."""
