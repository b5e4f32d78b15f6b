"""What the site holds out: a crowd of candidates against the real server, while something breaks; `make soak`."""
