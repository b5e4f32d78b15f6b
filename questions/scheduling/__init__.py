"""Spaced repetition: study days, the FSRS memory model, review ratings, card and plan models, and forecasts."""
