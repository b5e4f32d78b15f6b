"""Import and export of questions: file formats to and from `Item`. Only `importer` uses the database."""
