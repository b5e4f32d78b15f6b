"""Forecast of the next days for a plan without an interview date: due reviews first, then new questions."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from questions.scheduling.day_ahead import DayAhead
from questions.scheduling.study_day import Calendar
from questions.scheduling.workload import Costs


def forecast_without_deadline(
    due_dates: Iterable[date],
    *,
    calendar: Calendar,
    day: date,
    unseen: int,
    minutes: float,
    costs: Costs,
    today: DayAhead,
    days: int = 14,
) -> list[DayAhead]:
    """Return the workload of the next days after `today`. Reviews fill a day as far as its time goes and the rest moves
    to the next study day; new questions take the time that is left. A card counts once, on its next due date; later
    reviews are not simulated."""
    pending = Counter(max(due, day) for due in due_dates)
    forecast = []
    for ahead in calendar.days_from(day, days):
        row = today if ahead == day else _day_ahead(calendar, ahead, pending[ahead], unseen, minutes * 60, costs)
        pending[ahead + timedelta(days=1)] += max(0, pending[ahead] - row.reviews)
        unseen -= row.new
        forecast.append(row)
    return forecast


def _day_ahead(calendar: Calendar, day: date, pending: int, unseen: int, seconds: float, costs: Costs) -> DayAhead:
    off = not calendar.is_study_day(day)
    reviews = 0 if off else min(pending, int(seconds / costs.review()))
    new = 0 if off else min(unseen, int((seconds - reviews * costs.review()) / costs.new))
    if not off and not new + reviews:  # like a session, a day has at least one question
        new, reviews = (0, 1) if pending else (min(1, unseen), 0)
    return DayAhead(day, new, reviews, off, (reviews * costs.review() + new * costs.new) / 60)
