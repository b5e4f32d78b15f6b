"""Signals of attempts, for code that observes them without taking part, such as the metrics."""

from django.dispatch import Signal

answer_recorded = Signal()  # sent inside the transaction that saves a new or changed answer
