"""Reminders by email: when, to whom, and what happens if they cannot be sent."""

from datetime import UTC, date, datetime, timedelta
from email.message import EmailMessage

import pytest
from allauth.account.models import EmailAddress
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from questions.accounts.owners import Owner
from questions.scheduling.plan_models import StudyPlan
from questions.study import reminders
from questions.study.agenda import agenda_of
from questions.study.calendar_feed import workload_text
from questions.tests.factories import PlanTopicFactory, QuestionFactory, StudyPlanFactory, UserFactory

MONDAY = date(2026, 3, 2)
SEVEN = datetime(2026, 3, 2, 7, tzinfo=UTC)
DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
MINUTE = timedelta(minutes=1)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(settings) -> None:
    settings.SITE_URL = "https://quiz.example.org"


def make_plan(*, verified: bool = True, questions: int = 40, **fields) -> StudyPlan:
    """Return a plan with daily reminders and new questions."""
    plan = StudyPlanFactory(**{"begun_on": MONDAY, "minutes": 3, "reminders": "daily"} | fields)
    topic = PlanTopicFactory(plan=plan).topic
    for _ in range(questions):
        QuestionFactory(topic=topic)
    EmailAddress.objects.create(user=plan.user, email=f"{plan.user.username}@example.org", verified=verified)
    return plan


def sent_at(*times: datetime) -> list[int]:
    return [reminders.send_due(at=at) for at in times]


class TestSending:
    def test_daily_reminder_is_sent_once_a_study_day(self) -> None:
        make_plan(weekdays_off=[2])
        every_minute = [SEVEN + n * MINUTE for n in range(-2, 3)]
        assert sent_at(*every_minute) == [0, 0, 1, 0, 0]
        assert sent_at(*(SEVEN + n * DAY for n in range(1, 4))) == [1, 0, 1]

    def test_weekly_reminder_is_sent_once_a_week(self) -> None:
        make_plan(reminders="weekly", weekdays_off=[0])
        assert sent_at(*(SEVEN + n * DAY for n in range(9))) == [0, 1, 0, 0, 0, 0, 0, 0, 1]

    def test_what_is_due_is_in_the_subject_and_the_text(self) -> None:
        plan = make_plan()
        sent_at(SEVEN)
        (message,) = mail.outbox
        text = workload_text(agenda_of(owner=plan.owner, at=SEVEN).today)
        assert text == "3 new, about 3 min"
        assert message.to == [EmailAddress.objects.get().email]
        assert message.subject == f"Quizsite: {text}"
        html, kind = message.alternatives[0]
        assert kind == "text/html"
        for body in (message.body, html):
            assert f"Today: {text}." in body and "https://quiz.example.org/today/" in body
            assert "Later this week" not in body

    def test_language_is_the_one_in_which_the_reminders_were_chosen(self) -> None:
        plan = make_plan()
        with override("de"):
            reminders.choose(owner=plan.owner, frequency="daily")
        sent_at(SEVEN)
        (message,) = mail.outbox
        assert "3 neu" in message.subject

    def test_weekly_reminder_lists_the_days_until_sunday(self) -> None:
        make_plan(reminders="weekly", weekdays_off=[6])
        sent_at(SEVEN)
        for body in map(str, (mail.outbox[0].body, mail.outbox[0].alternatives[0][0])):
            days = [f"{name} {day} Mar: 3 new" for day, name in enumerate(("Tue", "Wed", "Thu", "Fri", "Sat"), 3)]
            assert all(day in body for day in days)
            assert "Sun 8 Mar" not in body and "Mon 9 Mar" not in body

    def test_texts_are_escaped_in_html_only(self, settings) -> None:
        settings.SITE_NAME = "Q & A"
        make_plan()
        sent_at(SEVEN)
        assert "on Q & A." in mail.outbox[0].body
        assert "on Q &amp; A." in mail.outbox[0].alternatives[0][0]

    def test_mail_programs_can_unsubscribe_with_one_click(self) -> None:
        plan = make_plan()
        sent_at(SEVEN)
        written: EmailMessage = mail.outbox[0].message()
        address = written["List-Unsubscribe"].strip("<>")
        assert written["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert written["Auto-Submitted"] == "auto-generated"
        assert address.startswith("https://quiz.example.org/plan/reminders/") and address in mail.outbox[0].body
        assert reminders.plan_id_of(address.rstrip("/").rpartition("/")[2]) == plan.pk

    def test_primary_address_is_used(self) -> None:
        plan = make_plan()
        EmailAddress.objects.create(user=plan.user, email="main@example.org", verified=True, primary=True)
        EmailAddress.objects.create(user=plan.user, email="new@example.org", verified=False)
        sent_at(SEVEN)
        assert mail.outbox[0].to == ["main@example.org"]


class TestNoReminder:
    def test_without_a_confirmed_address(self) -> None:
        make_plan(verified=False)
        assert sent_at(SEVEN) == [0]

    def test_unless_asked_for(self) -> None:
        make_plan(reminders="off")
        assert sent_at(SEVEN) == [0]

    def test_if_nothing_is_due(self) -> None:
        plan = make_plan(questions=0)
        assert sent_at(SEVEN) == [0]
        QuestionFactory(topic=plan.topics.get().topic)
        assert sent_at(SEVEN + HOUR) == [1]

    def test_for_disabled_accounts(self) -> None:
        plan = make_plan()
        plan.user.is_active = False
        plan.user.save()
        assert sent_at(SEVEN) == [0]

    def test_without_the_address_of_the_site(self, settings) -> None:
        settings.SITE_URL = ""
        make_plan()
        assert sent_at(SEVEN) == [0]

    def test_for_visitors(self) -> None:
        plan = make_plan(reminders="off")
        with pytest.raises(IntegrityError), transaction.atomic():
            StudyPlan.objects.filter(pk=plan.pk).update(
                user=None, visitor="00000000-0000-0000-0000-000000000001", reminders="daily"
            )


class TestFailures:
    @pytest.fixture
    def refused(self, monkeypatch) -> set[str]:
        """Addresses that the mail server refuses."""
        addresses, send = set[str](), EmailBackend.send_messages

        def send_or_refuse(backend, messages):
            if addresses.intersection(messages[0].to):
                raise OSError("mailbox unavailable")
            return send(backend, messages)

        monkeypatch.setattr(EmailBackend, "send_messages", send_or_refuse)
        return addresses

    def test_refused_reminder_is_sent_by_the_next_run(self, refused: set[str], caplog) -> None:
        make_plan(), make_plan(questions=0)
        plan = StudyPlan.objects.first()
        PlanTopicFactory(plan=StudyPlan.objects.last(), topic=plan.topics.get().topic)
        refused.add(EmailAddress.objects.first().email)
        assert sent_at(SEVEN, SEVEN + MINUTE) == [1, 0]
        assert f"The reminder of plan {plan.pk} cannot be sent" in caplog.text
        refused.clear()
        assert sent_at(SEVEN + HOUR, SEVEN + 2 * HOUR) == [1, 0]
        assert len(mail.outbox) == 2

    def test_refused_weekly_reminder_is_sent_by_the_next_run(self, refused: set[str]) -> None:
        make_plan(reminders="weekly", reminded_on=MONDAY - 7 * DAY)
        refused.add(EmailAddress.objects.get().email)
        assert sent_at(SEVEN) == [0]
        assert StudyPlan.objects.get().reminded_on == MONDAY - 7 * DAY
        refused.clear()
        assert sent_at(SEVEN + DAY) == [1]

    def test_unreachable_server_ends_the_run_but_not_the_upkeep(self, monkeypatch, caplog) -> None:
        opened = []

        def fail(backend):
            opened.append(backend)
            raise ConnectionRefusedError

        make_plan(), make_plan()
        with monkeypatch.context() as patch:
            patch.setattr(EmailBackend, "open", fail)
            patch.setattr(timezone, "now", lambda: SEVEN)
            call_command("upkeep", verbosity=0)
        assert len(opened) == 1
        assert "The mail server cannot be reached" in caplog.text
        assert sent_at(SEVEN + MINUTE) == [2]

    @pytest.mark.parametrize("moment", ["open", "send_messages"])
    def test_two_runs_at_once_send_one(self, monkeypatch, moment: str) -> None:
        """The second run takes place while the first is about to claim the reminder, or is sending it."""
        make_plan()
        original, runs = getattr(EmailBackend, moment), list[int]()

        def interrupted(*args):
            if not runs:
                runs.append(0)
                runs[0] = reminders.send_due(at=SEVEN)
            return original(*args)

        monkeypatch.setattr(EmailBackend, moment, interrupted)
        assert reminders.send_due(at=SEVEN) + runs[0] == 1
        assert len(mail.outbox) == 1

    def test_choice_that_changes_meanwhile_counts(self, monkeypatch) -> None:
        plan = make_plan()
        monkeypatch.setattr(EmailBackend, "open", lambda backend: reminders.unsubscribe(plan_id=plan.pk))
        assert sent_at(SEVEN) == [0]


class TestUpkeep:
    def test_reminders_can_be_sent_alone(self, monkeypatch, capsys) -> None:
        make_plan()
        monkeypatch.setattr(timezone, "now", lambda: SEVEN)
        call_command("upkeep", "--reminders")
        assert capsys.readouterr().out == "Reminders sent: 1\n"

    @pytest.mark.parametrize("size", [1, 3])
    def test_reminder_has_a_fixed_number_of_queries(self, django_assert_num_queries, size: int) -> None:
        make_plan(questions=size)
        for _ in range(size):
            make_plan(reminders="off")
        with django_assert_num_queries(11):
            assert sent_at(SEVEN) == [1]


class TestChoose:
    def test_confirmed_address_is_needed(self) -> None:
        plan = make_plan(verified=False, reminders="off")
        with pytest.raises(reminders.NoConfirmedAddress):
            reminders.choose(owner=plan.owner, frequency="daily")
        EmailAddress.objects.update(verified=True)
        reminders.choose(owner=plan.owner, frequency="daily")
        assert StudyPlan.objects.get().reminders == "daily"

    def test_reminders_can_always_be_turned_off(self) -> None:
        plan = make_plan(verified=False)
        reminders.choose(owner=plan.owner, frequency="off")
        assert StudyPlan.objects.get().reminders == "off"

    def test_visitors_cannot_have_any(self) -> None:
        with pytest.raises(reminders.NoConfirmedAddress):
            reminders.choose(owner=Owner(), frequency="daily")

    def test_address_of_another_user_does_not_count(self) -> None:
        make_plan()
        assert not reminders.has_confirmed_address(Owner(user_id=UserFactory().pk))
