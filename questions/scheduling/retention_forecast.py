"""Forecast of the next days for a plan without an interview date: due reviews first, then new questions."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from questions.scheduling.study_day import Calendar
from questions.scheduling.workload import Costs, DayAhead


def forecast_without_deadline(
    due_dates: Iterable[date],
    *,
    calendar: Calendar,
    day: date,
    unseen: int,
    minutes: float,
    costs: Costs,
    seconds_left_today: float,
    days: int = 14,
) -> list[DayAhead]:
    """Return the workload of the next days. Reviews fill a day as far as its time goes and the rest moves to the next
    study day; new questions take the time that is left. A card counts once, on its next due date; later reviews are not
    simulated."""
    pending = Counter(max(due, day) for due in due_dates)
    forecast = []
    for ahead in calendar.days_from(day, days):
        seconds = seconds_left_today if ahead == day else minutes * 60
        off = not calendar.is_study_day(ahead)
        reviews = 0 if off else min(pending[ahead], int(seconds / costs.review()))
        new = 0 if off else min(unseen, int((seconds - reviews * costs.review()) / costs.new))
        pending[ahead + timedelta(days=1)] += pending[ahead] - reviews
        unseen -= new
        forecast.append(DayAhead(ahead, new, reviews, off, (reviews * costs.review() + new * costs.new) / 60))
    return forecast
