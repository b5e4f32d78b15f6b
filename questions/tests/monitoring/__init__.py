"""What those who run the site rely on."""
