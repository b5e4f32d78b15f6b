"""Study plan: today's session, and a progress report (readiness, calibration, confidence, coverage, activity) derived
from cards and reviews."""

from questions.study.progress import ProgressReport, progress_report

__all__ = ["ProgressReport", "progress_report"]
