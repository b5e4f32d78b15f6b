"""Writing and correcting in the admin."""

from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from questions.models import Choice, Comparison, ComparisonRow, Question, Status
from questions.tests.factories import (
    ComparisonFactory,
    ComparisonRowFactory,
    QuizFactory,
    QuizItemFactory,
    UserFactory,
    make_question,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff(client: Client) -> Client:
    """A client logged in as a member of staff who may do everything."""
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client


def page_of(row: Any) -> str:
    return reverse(f"admin:questions_{row._meta.model_name}_change", args=[row.pk])


def form_data(client: Client, url: str) -> dict[str, Any]:
    """What a browser would send from the page as it is."""
    context = client.get(url).context
    forms = [context["adminform"].form]
    data: dict[str, Any] = {}
    for inline in context["inline_admin_formsets"]:
        forms += [inline.formset.management_form, *inline.formset.forms]
    for form in forms:
        for field in form:
            value = field.value()
            if value is not None and value is not False:
                data[field.html_name] = value
    return data


def save(client: Client, row: Any, changes: dict[str, Any]):
    url = page_of(row)
    return client.post(url, form_data(client, url) | changes)


def positions(question: Question) -> dict[str, int]:
    return dict(question.choices.values_list("text", "position"))


class TestPositions:
    def test_two_rows_can_be_swapped(self, staff: Client) -> None:
        question = make_question("single_choice")
        response = save(staff, question, {"choices-0-position": 3, "choices-2-position": 1})
        assert response.status_code == 302
        assert positions(question) == {"Alpha": 3, "Beta": 2, "Gamma": 1}

    def test_a_row_can_take_the_place_of_a_deleted_one(self, staff: Client) -> None:
        question = make_question("single_choice")
        response = save(staff, question, {"choices-0-position": 2, "choices-1-DELETE": "on"})
        assert response.status_code == 302
        assert positions(question) == {"Alpha": 2, "Gamma": 3}

    def test_a_blank_position_goes_to_the_end(self, staff: Client) -> None:
        question = make_question("single_choice")
        added = {"choices-3-text": "Delta", "choices-3-weight": "0", "choices-3-position": "", "choices-TOTAL_FORMS": 4}
        assert save(staff, question, added | {"choices-3-question": question.pk}).status_code == 302
        assert positions(question)["Delta"] == 4

    def test_a_number_given_twice_is_told(self, staff: Client) -> None:
        question = make_question("single_choice")
        response = save(staff, question, {"choices-0-position": 2, "stem": "Typed, and not lost?"})
        assert "Number 2 is given twice" in response.content.decode()
        assert "Typed, and not lost?" in response.content.decode()
        assert positions(question)["Alpha"] == 1

    @pytest.mark.parametrize("number", ["0", "-3"])
    def test_positions_count_from_1(self, staff: Client, number: str) -> None:
        question = make_question("single_choice")
        assert "count from 1" in save(staff, question, {"choices-0-position": number}).content.decode()

    def test_questions_of_a_quiz_can_be_swapped(self, staff: Client) -> None:
        quiz = QuizFactory()
        first, second = (QuizItemFactory(quiz=quiz, question=make_question(), position=place) for place in (1, 2))
        assert save(staff, quiz, {"items-0-position": 2, "items-1-position": 1}).status_code == 302
        assert list(quiz.items.all()) == [second, first]


class TestPublishing:
    @pytest.mark.parametrize(
        ("type_name", "change", "words"),
        [
            ("single_choice", {"choices-0-weight": "0"}, "Single choice needs exactly one right option"),
            ("single_choice", {"choices-0-DELETE": "on"}, "Single choice needs exactly one right option"),
            ("single_choice", {"choices-1-text": "Alpha"}, "Two options have the same text"),
            ("multiple_choice", {"choices-2-weight": "1"}, "at least one wrong option"),
            ("numeric", {"choices-0-text": "many"}, "“many” is not a number"),
            ("open", {f"criteria-{place}-DELETE": "on" for place in range(4)}, "An open question needs a rubric"),
            ("open", {"model_answer": ""}, "An open question needs a model answer"),
            ("single_choice", {"explanation": " "}, "needs an explanation"),
        ],
    )
    def test_what_is_wrong_is_told_and_nothing_is_saved(
        self, staff: Client, type_name: str, change: dict, words: str
    ) -> None:
        question = make_question(type_name)
        before = question.item()
        page = save(staff, question, change | {"code": "typed = True"}).content.decode()
        assert words in page
        assert "typed = True" in page
        assert Question.objects.get().item() == before

    def test_an_unsound_draft_cannot_be_published_by_its_status_alone(self, staff: Client) -> None:
        question = make_question("single_choice", status=Status.DRAFT)
        question.choices.update(weight=0)
        assert "exactly one right option" in save(staff, question, {"status": "published"}).content.decode()
        question.refresh_from_db()
        assert question.status == Status.DRAFT

    def test_a_draft_may_be_incomplete(self, staff: Client) -> None:
        question = make_question("single_choice", status=Status.DRAFT)
        assert save(staff, question, {"choices-0-weight": "0", "explanation": ""}).status_code == 302

    def test_a_sound_question_is_saved_whole(self, staff: Client) -> None:
        question = make_question("single_choice", status=Status.DRAFT)
        changes = {"status": "published", "choices-0-weight": "0", "choices-1-weight": "1", "stem": "Now so?"}
        assert save(staff, question, changes).status_code == 302
        question.refresh_from_db()
        assert (question.status, question.stem) == (Status.PUBLISHED, "Now so?")
        assert [float(choice.weight) for choice in question.choices.all()] == [0, 1, 0]

    def test_a_new_question_is_written_on_one_page(self, staff: Client) -> None:
        topic = make_question().topic
        url = reverse("admin:questions_question_add")
        data = form_data(staff, url) | {
            "topic": topic.pk,
            "slug": "brand-new",
            "type": "true_false",
            "status": "published",
            "stem": "Is it?",
            "explanation": "It is.",
            "choices-TOTAL_FORMS": 2,
        }
        for place, (text, weight) in enumerate([("True", 1), ("False", 0)]):
            data |= {f"choices-{place}-text": text, f"choices-{place}-weight": weight}
        assert staff.post(url, data).status_code == 302
        assert positions(Question.objects.get(slug="brand-new")) == {"True": 1, "False": 2}

    def test_the_action_publishes_the_sound_and_names_the_others(self, staff: Client) -> None:
        sound, unsound = (make_question("single_choice", status=Status.DRAFT) for _ in range(2))
        Choice.objects.filter(question=unsound).update(weight=0)
        url = reverse("admin:questions_question_changelist")
        response = staff.post(url, {"action": "publish", "_selected_action": [sound.pk, unsound.pk]})
        told = [str(message) for message in get_messages(response.wsgi_request)]
        assert told[0] == "1 question is published."
        assert unsound.slug in told[1]
        assert "options: Single choice needs exactly one right option" in told[1]
        assert list(Question.objects.published()) == [sound]

    def test_the_action_retires(self, staff: Client) -> None:
        question = make_question()
        url = reverse("admin:questions_question_changelist")
        staff.post(url, {"action": "retire", "_selected_action": [question.pk]})
        question.refresh_from_db()
        assert question.status == Status.RETIRED


class TestComparisons:
    def test_columns_and_cells_are_edited_line_by_line(self, staff: Client) -> None:
        row = ComparisonRowFactory()
        changes = {"columns": "A\nB\nC", "rows-0-cells": "1\n2\n3"}
        assert save(staff, row.comparison, changes).status_code == 302
        assert Comparison.objects.get().columns == ["A", "B", "C"]
        assert ComparisonRow.objects.get().cells == ["1", "2", "3"]

    def test_a_row_with_too_few_cells_is_told(self, staff: Client) -> None:
        row = ComparisonRowFactory()
        page = save(staff, row.comparison, {"columns": "A\nB\nC"}).content.decode()
        assert "This row has 2 cells, the table has 3 columns" in page
        assert Comparison.objects.get().columns == ["One", "Other"]

    def test_saving_unchanged_changes_nothing(self, staff: Client) -> None:
        comparison = ComparisonFactory()
        assert save(staff, comparison, {}).status_code == 302
        assert Comparison.objects.get().columns == comparison.columns


def test_view_on_site_leads_to_the_preview(staff: Client) -> None:
    question = make_question(status=Status.DRAFT)
    assert reverse("question-preview", args=[question.pk]) == question.get_absolute_url()
    assert "View on site" in staff.get(page_of(question)).content.decode()
