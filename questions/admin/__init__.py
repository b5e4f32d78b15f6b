"""The Django admin, where staff write and correct."""
