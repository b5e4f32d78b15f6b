"""Mock interviews of a study plan: on which days they are, and whether one is due."""

from collections.abc import Sequence
from datetime import date, timedelta

from questions.scheduling.study_day import Calendar

MINUTES = 30  # that a planned mock interview takes: the shortest that candidates can choose
REST_DAYS = 2  # from the last mock interview to the interview
MIN_GAP_DAYS = 4  # from one mock interview to the next
CARRY_OVER_DAYS = 3  # for which a missed one is still asked for


def mock_interview_days(calendar: Calendar) -> list[date]:
    """Return the days of the mock interviews, in order; none without an interview date.

    The last one is two days before the interview, another a week before that, and one is in the middle of the plan. A
    day off moves it to the study day before. None is on the first day of the plan, when there is nothing to show yet,
    or less than MIN_GAP_DAYS before the next one.
    """
    if calendar.deadline is None:
        return []
    last = calendar.deadline - timedelta(days=REST_DAYS)
    middle = calendar.begin + (calendar.deadline - calendar.begin) // 2
    found: list[date] = []
    for wanted in (last, last - timedelta(days=7), min(middle, last)):
        day = _study_day_until(calendar, wanted)
        if day and (not found or (found[0] - day).days >= MIN_GAP_DAYS):
            found.insert(0, day)
    return found


def is_due(days: Sequence[date], *, calendar: Calendar, day: date, held_on: date | None) -> bool:
    """Return whether a mock interview is due on `day`: one was planned for it or, at most CARRY_OVER_DAYS earlier, was
    missed. `held_on` is the day of the last one that was held.

    It is never due on a day off, or on the day before the interview, which is for rest.
    """
    planned = max((one for one in days if one <= day), default=None)
    if planned is None or calendar.deadline is None or not calendar.is_study_day(day):
        return False
    is_done = held_on is not None and held_on >= planned
    rests = day > calendar.deadline - timedelta(days=REST_DAYS)
    return not is_done and not rests and (day - planned).days <= CARRY_OVER_DAYS


def _study_day_until(calendar: Calendar, wanted: date) -> date | None:
    """Return the last study day up to `wanted` and after the first day of the plan, or None if there is none."""
    days = (wanted - timedelta(days=back) for back in range((wanted - calendar.begin).days))
    return next(filter(calendar.is_study_day, days), None)
