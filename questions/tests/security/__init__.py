"""Security tests; docs/security.md refers to them."""
