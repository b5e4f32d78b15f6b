"""Tests of health checks and logs."""
