"""When reminders are sent: the study day of a plan at a time, and how often the server looks."""

from datetime import UTC, date, datetime, timedelta

import pytest

from questions.management.commands import serve
from questions.scheduling.plan_models import StudyPlan
from questions.study import reminders

MONDAY = date(2026, 3, 2)
SEVEN = datetime(2026, 3, 2, 7, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)


class TestReminderDay:
    def day(self, at: datetime, **fields) -> date | None:
        return reminders.reminder_day(StudyPlan(**{"begun_on": MONDAY, "reminders": "daily"} | fields), at)

    @pytest.mark.parametrize(
        ("zone", "hours", "expected"),
        [
            ("UTC", -1 / 60, None),
            ("UTC", 0, MONDAY),
            ("UTC", 16.9, MONDAY),
            ("UTC", 17, None),  # midnight
            ("UTC", 20, None),  # 3 in the morning, which still belongs to Monday
            ("Asia/Tokyo", -9, MONDAY),
            ("Asia/Tokyo", 15, MONDAY + DAY),
            ("America/New_York", 0, None),
            ("America/New_York", 5, MONDAY),
        ],
    )
    def test_it_is_sent_from_seven_to_midnight_in_the_zone_of_the_plan(self, zone, hours, expected) -> None:
        assert self.day(SEVEN + hours * HOUR, zone=zone) == expected

    def test_days_off_have_none(self) -> None:
        assert self.day(SEVEN, weekdays_off=[0]) is None
        assert self.day(SEVEN, dates_off=["2026-03-02"]) is None

    @pytest.mark.parametrize(
        ("reminders", "last", "is_sent"),
        [
            ("daily", 0, False),
            ("daily", -1, True),
            ("daily", 1, False),  # the plan moved to a zone further west
            ("weekly", 0, False),
            ("weekly", -1, True),  # Sunday
            ("weekly", -7, True),
        ],
    )
    def test_one_a_day_or_one_a_week(self, reminders, last, is_sent) -> None:
        found = self.day(SEVEN, reminders=reminders, reminded_on=MONDAY + last * DAY)
        assert (found is not None) == is_sent

    def test_weekly_one_comes_once_from_monday_to_sunday(self) -> None:
        week = [self.day(SEVEN + n * DAY, reminders="weekly", reminded_on=MONDAY) for n in range(8)]
        assert week == [None] * 7 + [MONDAY + 7 * DAY]


class TestServer:
    def test_upkeep_runs_daily_and_reminders_in_between(self, settings) -> None:
        settings.SITE_URL = "https://quiz.example.org"
        commands = [serve._upkeep_command(number) for number in range(97)]
        assert commands[0] == commands[96] == serve.UPKEEP
        assert commands[1:96] == [serve.REMINDERS] * 95

    def test_site_without_an_address_has_no_reminders_to_send(self, settings) -> None:
        settings.SITE_URL = ""
        assert {serve._upkeep_command(number) is None for number in range(1, 96)} == {True}
