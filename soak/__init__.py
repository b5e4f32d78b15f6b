"""Soak test: a crowd of candidates takes exams on the real server while faults are injected; run by `make soak`."""
