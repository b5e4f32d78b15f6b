"""What the site is safe against; docs/security.md names these tests."""
