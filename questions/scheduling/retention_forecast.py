"""The days ahead of somebody without a date, who keeps what they know at the retention they chose."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from questions.scheduling.study_day import Calendar
from questions.scheduling.workload import Costs, DayAhead


def forecast_without_deadline(
    dues: Iterable[date],
    *,
    calendar: Calendar,
    day: date,
    unseen: int,
    minutes: float,
    costs: Costs,
    seconds_left_today: float,
    days: int = 14,
) -> list[DayAhead]:
    """The next days: what is due, as far as the time goes, the rest on the next study day; then what is new. A question
    is counted when it is due next, not a second time after that."""
    waiting = Counter(max(due, day) for due in dues)
    found = []
    for ahead in calendar.days_from(day, days):
        seconds = seconds_left_today if ahead == day else minutes * 60
        off = not calendar.is_study_day(ahead)
        reviews = 0 if off else min(waiting[ahead], int(seconds / costs.review()))
        new = 0 if off else min(unseen, int((seconds - reviews * costs.review()) / costs.new))
        waiting[ahead + timedelta(days=1)] += waiting[ahead] - reviews
        unseen -= new
        found.append(DayAhead(ahead, new, reviews, off, (reviews * costs.review() + new * costs.new) / 60))
    return found
