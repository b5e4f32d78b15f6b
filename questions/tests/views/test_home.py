"""Home page: a question and a plan for newcomers, a dashboard for everybody who has begun."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.attempts.models import Attempt
from questions.enums import Mode
from questions.practice import first_impressions
from questions.scheduling.plan_models import StudyPlan
from questions.tests.attempt_steps import page_of, visitor_attempt
from questions.tests.factories import QuizFactory, QuizItemFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db


@pytest.fixture
def quiz():
    quiz = QuizFactory(slug=first_impressions.SLUG)
    for position in (1, 2):
        QuizItemFactory(quiz=quiz, question=make_question("single_choice"), position=position)
    return quiz


def form_on(page: str, label: str) -> dict[str, str]:
    """The hidden fields of the form with that heading."""
    form = next(form for form in re.findall(r"<form.*?</form>", page, re.DOTALL) if label in form)
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))


def first_page(client: Client) -> str:
    return client.get("/").content.decode()


class TestFirstQuestion:
    @pytest.mark.parametrize("place", ["1", "2"])
    def test_answer_starts_the_quiz_and_is_graded_as_it_was_shown(self, client: Client, quiz, place: str) -> None:
        fields = form_on(first_page(client), "Try one now")
        item = first_impressions.first_item()
        shown = dict(first_impressions.form_of(item).fields["choice"].choices)[place]
        response = client.post(quiz.get_absolute_url(), fields | {"choice": place}, follow=True)
        attempt = Attempt.objects.get()
        saved = attempt.responses.get(position=1)
        assert response.redirect_chain[-1][0] == page_of(attempt)
        assert [item.options[index].text for index in saved.answer["chosen"]] == [shown]
        assert "Explanation" in response.content.decode()
        assert (attempt.quiz, attempt.responses.count()) == (quiz, 2)

    def test_double_click_answers_once(self, client: Client, quiz) -> None:
        fields = form_on(first_page(client), "Try one now")
        client.post(quiz.get_absolute_url(), fields | {"choice": "1"})
        chosen = Attempt.objects.get().responses.get(position=1).answer
        client.post(quiz.get_absolute_url(), fields | {"choice": "2"})
        assert Attempt.objects.get().responses.get(position=1).answer == chosen

    def test_question_that_changed_since_is_asked_again(self, client: Client, quiz) -> None:
        fields = form_on(first_page(client), "Try one now")
        question = quiz.items.get(position=1).question
        question.stem = "What else?"
        question.save()
        client.post(quiz.get_absolute_url(), fields | {"choice": "1"})
        assert not Attempt.objects.get().responses.get(position=1).is_answered

    @pytest.mark.parametrize("sent", [{}, {"choice": "9"}, {"choice": "x"}])
    def test_no_choice_leads_to_the_question(self, client: Client, quiz, sent: dict[str, str]) -> None:
        fields = form_on(first_page(client), "Try one now")
        response = client.post(quiz.get_absolute_url(), fields | sent, follow=True)
        assert response.redirect_chain[-1][0] == page_of(Attempt.objects.get())
        assert not Attempt.objects.get().responses.get(position=1).is_answered

    def test_page_without_the_quiz_or_with_an_open_question_has_no_question(self, client: Client) -> None:
        assert "Try one now" not in first_page(client)
        QuizItemFactory(quiz=QuizFactory(slug=first_impressions.SLUG), question=make_question("open"), position=1)
        assert "Try one now" not in first_page(client)

    def test_page_does_not_tell_the_key(self, client: Client, quiz) -> None:
        item = first_impressions.first_item()
        page = first_page(client)
        assert item.explanation not in page
        assert not any(option.feedback and option.feedback in page for option in item.options)


class TestPlan:
    def test_one_date_makes_a_plan_over_all_topics_and_says_whether_it_fits(self, client: Client, quiz) -> None:
        day = timezone.localdate() + timedelta(days=12)
        fields = form_on(first_page(client), "When is your interview?")
        sent = fields | {"interview_on": day.isoformat(), "minutes": "30"}
        page = client.post(reverse("plan"), sent, follow=True).content.decode()
        plan = StudyPlan.objects.get()
        assert (plan.interview_on, plan.minutes, plan.topics.count()) == (day, 30, 2)
        assert "you have time for all 2 questions" in page

    def test_date_in_the_past_is_refused_and_nothing_else_is_lost(self, client: Client, quiz) -> None:
        fields = form_on(first_page(client), "When is your interview?")
        page = client.post(reverse("plan"), fields | {"interview_on": "2020-01-01", "minutes": "45"}).content.decode()
        assert "Choose a future date" in page
        assert 'value="45"' in page
        assert not StudyPlan.objects.exists()


class TestDashboard:
    def test_it_follows_the_first_answer(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"), make_question("true_false"))
        client.post(page_of(attempt), {"go": "check", "choice": "1"})
        page = first_page(client)
        assert "This week" in page and "Readiness" in page and "Start today's session" in page
        assert "When is your interview?" in page and "no account" not in page
        assert attempt.get_absolute_url() in page

    def test_log_in_leads_there_even_without_an_answer(self, client: Client) -> None:
        client.force_login(UserFactory())
        page = first_page(client)
        assert "When is your interview?" in page and "no account" not in page

    def test_it_counts_the_days_to_the_interview(self, client: Client) -> None:
        visitor_attempt(client, make_question("true_false"))
        fields = form_on(first_page(client), "When is your interview?")
        day = timezone.localdate() + timedelta(days=12)
        client.post(reverse("plan"), fields | {"interview_on": day.isoformat(), "minutes": "30"})
        page = first_page(client)
        assert re.search(r"1[123] days to go", page)  # the study day ends at 4 in the morning
        assert "When is your interview?" not in page

    def test_nothing_of_a_running_exam_is_counted(self, client: Client) -> None:
        attempt = visitor_attempt(client, make_question("true_false"), mode=Mode.EXAM)
        client.post(page_of(attempt), {"go": "save", "choice": "1"})
        assert "This week" not in first_page(client)


class TestRunningClock:
    @pytest.fixture
    def exam(self, client: Client) -> Attempt:
        limit = timedelta(minutes=20)
        return visitor_attempt(client, make_question("true_false"), mode=Mode.EXAM, time_limit=limit)

    @pytest.mark.parametrize("path", ["/topics/", "/history/", "/plan/", "/nowhere/"])
    def test_every_page_shows_it_and_leads_back(self, client: Client, exam: Attempt, path: str) -> None:
        page = client.get(path).content.decode()
        assert f'<a class="running-clock" href="{exam.get_absolute_url()}"' in page

    def test_it_goes_when_the_exam_ends(self, client: Client, exam: Attempt) -> None:
        client.post(reverse("hand-in", args=[exam.public_id]))
        assert "running-clock" not in client.get("/topics/").content.decode()

    def test_others_do_not_see_it(self, exam: Attempt) -> None:
        assert "running-clock" not in Client().get("/topics/").content.decode()
