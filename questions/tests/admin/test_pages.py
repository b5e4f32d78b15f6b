"""Every page of the admin opens, and costs a fixed number of queries."""

import pytest
from django.contrib import admin
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.attempts.quiz_models import Quiz
from questions.attempts.regrade_models import Regrade, RegradedResponse
from questions.bank.models.comparisons import Comparison
from questions.bank.models.editorial import ReviewNote
from questions.bank.models.pictures import Picture
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.bank.models.topics import FAQ, Guide, Section, Takeaway, Topic
from questions.problem_reports.models import QuestionReport, Reason
from questions.tests.attempt_steps import key_of, visitor_attempt
from questions.tests.factories import (
    CodeListingFactory,
    ComparisonFactory,
    ComparisonRowFactory,
    FAQFactory,
    GuideFactory,
    PictureFactory,
    QuizFactory,
    QuizItemFactory,
    SectionFactory,
    TakeawayFactory,
    UserFactory,
    make_question,
)

pytestmark = pytest.mark.django_db
REGISTERED = [
    *(Attempt, Comparison, FAQ, Guide, Picture, Question, QuestionReport, QuestionRevision, Quiz, Regrade, Response),
    *(Section, Takeaway, Topic),
]


def fill(size: int) -> None:
    """`size` of everything, each with `size` parts."""
    guides = [GuideFactory() for _ in range(size)]
    for guide in guides:
        for _ in range(size):
            SectionFactory(guide=guide)
            ComparisonFactory(guide=guide)
            TakeawayFactory(guide=guide)
            FAQFactory(guide=guide)
    for _ in range(size):
        PictureFactory()
        CodeListingFactory(section=Section.objects.order_by("pk").first())
        ComparisonRowFactory(comparison=Comparison.objects.order_by("pk").first())
    questions = [make_question("single_choice", topic=guide.topic) for guide in guides]
    for _ in range(size):
        quiz = QuizFactory()
        for position, question in enumerate(questions, 1):
            QuizItemFactory(quiz=quiz, question=question, position=position)
        attempt = visitor_attempt(Client(), *questions)
        for place in attempt.responses.all():
            attempts.record_response(response=place, answer=key_of(place), at=timezone.now())
            QuestionReport.objects.create(
                response=place, revision=place.revision, reason=Reason.TYPO, reported_at=timezone.now()
            )
            revision = place.revision
            regrade = Regrade.objects.create(question=revision.question, revision=revision, done_at=timezone.now())
            RegradedResponse.objects.create(regrade=regrade, response=place, before=0, after=1)
            ReviewNote.objects.create(question=revision.question, text="So?", written_at=timezone.now())


def count(client: Client, url: str, django_assert_max_num_queries) -> int:
    client.get(url)  # content types are looked up once
    with django_assert_max_num_queries(1000) as captured:
        assert client.get(url).status_code == 200
    return len(captured)


def test_the_registered_models_are_those_tested() -> None:
    ours = [model for model in admin.site._registry if model._meta.app_label == "questions"]
    assert sorted(model.__name__ for model in ours) == sorted(model.__name__ for model in REGISTERED)


def test_a_list_and_a_page_cost_a_fixed_number_of_queries(staff: Client, django_assert_max_num_queries) -> None:
    counts = []
    for size in (2, 6):
        fill(size)
        counted = {}
        for model in REGISTERED:
            name = f"admin:questions_{model._meta.model_name}"
            last = model.objects.order_by("-pk").first()
            for url in (reverse(f"{name}_changelist"), reverse(f"{name}_change", args=[last.pk])):
                counted[url.replace(str(last.pk), "last")] = count(staff, url, django_assert_max_num_queries)
        counts.append(counted)
    assert len(counts[0]) == 2 * len(REGISTERED)
    assert counts[0] == counts[1]


def test_search_opens(staff: Client) -> None:
    fill(1)
    for model in REGISTERED:
        url = reverse(f"admin:questions_{model._meta.model_name}_changelist")
        assert staff.get(url, {"q": "something"}).status_code == 200, model


@pytest.mark.parametrize("model", [Attempt, QuestionRevision, Regrade, Response])
def test_what_candidates_did_can_only_be_read(staff: Client, model) -> None:
    fill(1)
    row = model.objects.first()
    name = f"admin:questions_{model._meta.model_name}"
    assert staff.get(reverse(f"{name}_add")).status_code == 403
    assert staff.post(reverse(f"{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403
    assert staff.post(reverse(f"{name}_change", args=[row.pk]), {}).status_code == 403


@pytest.mark.parametrize("model", REGISTERED)
def test_pages_open_for_those_who_may_only_read(client: Client, model) -> None:
    fill(1)
    reader = UserFactory(is_staff=True)
    allowed = Permission.objects.filter(content_type__app_label="questions", codename__startswith="view_")
    reader.user_permissions.set(allowed)
    client.force_login(reader)
    name = f"admin:questions_{model._meta.model_name}"
    assert client.get(reverse(f"{name}_changelist")).status_code == 200
    assert client.get(reverse(f"{name}_change", args=[model.objects.first().pk])).status_code == 200


@pytest.mark.parametrize("model", [Attempt, Response])
def test_an_attempt_is_found_by_its_public_id(staff: Client, model) -> None:
    fill(2)
    url = reverse(f"admin:questions_{model._meta.model_name}_changelist")
    attempt = Attempt.objects.first()
    found = staff.get(url, {"q": str(attempt.public_id)}).context["cl"].result_list
    assert {getattr(row, "attempt", row) for row in found} == {attempt}


def test_an_attempt_is_not_viewed_on_site_where_only_its_owner_can_open_it(staff: Client) -> None:
    fill(1)
    url = reverse("admin:questions_attempt_change", args=[Attempt.objects.get().pk])
    assert "View on site" not in staff.get(url).content.decode()


def test_an_asked_question_is_protected_from_the_deletion_of_many_and_of_its_topic(staff: Client) -> None:
    fill(1)
    question = Question.objects.get()
    url = reverse("admin:questions_question_changelist")
    chosen = {"action": "delete_selected", "_selected_action": [question.pk], "post": "yes"}
    assert "Cannot delete question" in staff.post(url, chosen).content.decode()
    url = reverse("admin:questions_topic_delete", args=[question.topic_id])
    assert "Cannot delete topic" in staff.post(url, {"post": "yes"}).content.decode()
    assert Question.objects.exists()


@pytest.mark.parametrize("field", ["topic", "takeaway", "faq"])
def test_autocomplete_of_a_question_finds_by_words(staff: Client, field: str) -> None:
    fill(2)
    query = {"app_label": "questions", "model_name": "question", "field_name": field, "term": ""}
    assert staff.get(reverse("admin:autocomplete"), query).json()["results"]
    assert not staff.get(reverse("admin:autocomplete"), query | {"term": "zzz"}).json()["results"]


def test_a_question_that_was_asked_is_protected_from_deletion(staff: Client) -> None:
    fill(1)
    question = Question.objects.get()
    page = staff.post(reverse("admin:questions_question_delete", args=[question.pk]), {"post": "yes"})
    assert "Cannot delete question" in page.content.decode()
    assert Question.objects.exists()


def test_the_admin_carries_the_sites_strict_policy(staff: Client) -> None:
    policy = staff.get(reverse("admin:index"))["Content-Security-Policy"]
    assert "unsafe" not in policy
    assert "script-src 'self'" in policy


@pytest.mark.parametrize(
    "model", [model for model in REGISTERED if model not in (Attempt, QuestionRevision, Regrade, Response)]
)
def test_every_field_that_can_be_edited_says_what_it_is_for(staff: Client, model) -> None:
    fill(1)
    url = reverse(f"admin:questions_{model._meta.model_name}_change", args=[model.objects.order_by("-pk").first().pk])
    context = staff.get(url).context
    forms = [context["adminform"].form, *(inline.formset.empty_form for inline in context["inline_admin_formsets"])]
    silent = {
        f"{form._meta.model.__name__}.{name}"
        for form in forms
        for name, field in form.fields.items()
        if not field.help_text and not field.widget.is_hidden and name != "DELETE"
    }
    assert silent == set()
