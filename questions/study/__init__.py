"""Where a candidate stands: what will be remembered, whether forecasts were right, how sure and how regular they are.
Everything is derived from cards and reviews; nothing is stored."""

from questions.study.progress import ProgressReport, progress_report

__all__ = ["ProgressReport", "progress_report"]
