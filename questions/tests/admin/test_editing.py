"""Editing questions, guides and comparisons in the admin."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse

from questions.bank.models.comparisons import Comparison, ComparisonRow
from questions.bank.models.question_parts import Choice
from questions.bank.models.questions import Question
from questions.enums import Status
from questions.tests.admin.steps import form_data, page_of, positions, save
from questions.tests.factories import (
    ComparisonFactory,
    ComparisonRowFactory,
    FAQFactory,
    GuideFactory,
    QuizFactory,
    SectionFactory,
    TakeawayFactory,
    TopicFactory,
    UserFactory,
    make_question,
)

pytestmark = pytest.mark.django_db


class TestStandalonePages:
    """Parts of a guide, topics and quizzes on their own pages."""

    @pytest.mark.parametrize("factory", [SectionFactory, ComparisonFactory, TakeawayFactory, FAQFactory])
    def test_position_is_unique_within_the_guide(self, staff: Client, factory: Any) -> None:
        part, other = factory(position=1), factory(position=5)
        sibling = factory(guide=part.guide, position=2)
        assert "already exists" in save(staff, part, {"position": 2}).content.decode()
        assert "Enter a position from 1 to" in save(staff, part, {"position": 0}).content.decode()
        assert save(staff, part, {"position": other.position}).status_code == 302
        assert save(staff, sibling, {"position": ""}).status_code == 302
        sibling.refresh_from_db()
        assert sibling.position == 6

    @pytest.mark.parametrize("factory", [TopicFactory, QuizFactory])
    def test_blank_position_goes_to_the_end(self, staff: Client, factory: Any) -> None:
        row, _other = factory(position=1), factory(position=4)
        assert save(staff, row, {"position": ""}).status_code == 302
        row.refresh_from_db()
        assert row.position == 5


class TestPublishing:
    @pytest.mark.parametrize(
        ("type_name", "change", "message"),
        [
            ("single_choice", {"choices-0-weight": "0"}, "Single choice needs exactly one right option"),
            ("single_choice", {"choices-0-DELETE": "on"}, "Single choice needs exactly one right option"),
            ("single_choice", {"choices-1-text": "Alpha"}, "Two options have the same text"),
            ("multiple_choice", {"choices-2-weight": "1"}, "at least one wrong option"),
            ("numeric", {"choices-0-text": "many"}, "“many” is not a number"),
            ("numeric", {"units": "ms", "choices-0-text": "5 ms"}, "“5 ms” is not a number. Write it in ms"),
            ("numeric", {"units": "ms, s"}, "Define “s”: for example"),
            ("open", {f"criteria-{place}-DELETE": "on" for place in range(4)}, "An open question needs a rubric"),
            ("open", {"model_answer": ""}, "An open question needs a model answer"),
            ("single_choice", {"explanation": " "}, "needs an explanation"),
        ],
    )
    def test_invalid_published_question_is_not_saved(
        self, staff: Client, type_name: str, change: dict, message: str
    ) -> None:
        question = make_question(type_name)
        before = question.item()
        page = save(staff, question, change | {"code": "typed = True"}).content.decode()
        assert message in page
        assert "typed = True" in page
        assert Question.objects.get().item() == before

    def test_invalid_draft_cannot_be_published_by_changing_only_its_status(self, staff: Client) -> None:
        question = make_question("single_choice", status=Status.DRAFT)
        question.choices.update(weight=0)
        assert "exactly one right option" in save(staff, question, {"status": "published"}).content.decode()
        question.refresh_from_db()
        assert question.status == Status.DRAFT

    def test_a_draft_may_be_incomplete(self, staff: Client) -> None:
        question = make_question("single_choice", status=Status.DRAFT)
        assert save(staff, question, {"choices-0-weight": "0", "explanation": ""}).status_code == 302

    def test_valid_question_is_saved_with_its_options(self, staff: Client) -> None:
        question = make_question("single_choice", status=Status.DRAFT)
        changes = {"status": "published", "choices-0-weight": "0", "choices-1-weight": "1", "stem": "Now so?"}
        assert save(staff, question, changes).status_code == 302
        question.refresh_from_db()
        assert (question.status, question.stem) == (Status.PUBLISHED, "Now so?")
        assert [float(choice.weight) for choice in question.choices.all()] == [0, 1, 0]

    def test_units_are_saved_and_a_draft_with_unreadable_ones_gets_a_hint(self, staff: Client) -> None:
        question = make_question("numeric", status=Status.DRAFT)
        response = save(staff, question, {"units": "ms, s"})
        assert "Define “s”: for example" in " ".join(str(message) for message in get_messages(response.wsgi_request))
        assert save(staff, question, {"units": "ms, s = 1000 ms", "status": "published"}).status_code == 302
        question.refresh_from_db()
        assert (question.units, question.item().units) == ("ms, s = 1000 ms", "ms, s = 1000 ms")

    def test_model_answer_of_a_follow_up_is_saved_and_suggested_where_it_is_missing(self, staff: Client) -> None:
        question = make_question("open", status=Status.DRAFT)
        response = save(staff, question, {"stem": "Why so?"})
        hint = "add a model answer to follow-up question 1"
        assert hint in " ".join(str(message) for message in get_messages(response.wsgi_request))
        response = save(staff, question, {"follow_ups-0-model_answer": "It *stops*."})
        assert hint not in " ".join(str(message) for message in get_messages(response.wsgi_request))
        assert question.follow_ups.get().model_answer == "It *stops*."
        assert question.revisions.latest("number").item().follow_ups[0].model_answer == "It *stops*."

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

    @pytest.mark.parametrize("type_name", ["", "riddle"])
    def test_question_without_a_known_type_is_refused(self, staff: Client, type_name: str) -> None:
        url = reverse("admin:questions_question_add")
        data = form_data(staff, url) | {"slug": "s", "type": type_name, "status": "published", "stem": "Typed?"}
        page = staff.post(url, data | {"topic": TopicFactory().pk, "explanation": "So."}).content.decode()
        assert "Typed?" in page
        assert not Question.objects.exists()

    def test_missing_stem_has_one_error(self, staff: Client) -> None:
        page = save(staff, make_question("single_choice"), {"stem": ""}).content.decode()
        assert "This field is required" in page
        assert "needs a stem" not in page

    def test_action_publishes_valid_questions_and_names_the_others(self, staff: Client) -> None:
        valid, invalid = (make_question("single_choice", status=Status.DRAFT) for _ in range(2))
        Choice.objects.filter(question=invalid).update(weight=0)
        url = reverse("admin:questions_question_changelist")
        response = staff.post(
            url, {"action": "publish", "_selected_action": [valid.pk, invalid.pk], "confirmed": "yes"}
        )
        texts = [str(message) for message in get_messages(response.wsgi_request)]
        assert texts[0] == "1 question was published."
        assert invalid.slug in texts[1]
        assert "options: Single choice needs exactly one right option" in texts[1]
        assert list(Question.objects.published()) == [valid]

    def test_action_retires(self, staff: Client) -> None:
        question = make_question()
        url = reverse("admin:questions_question_changelist")
        staff.post(url, {"action": "retire", "_selected_action": [question.pk], "confirmed": "yes"})
        question.refresh_from_db()
        assert question.status == Status.RETIRED


class TestComparisons:
    def test_columns_and_cells_are_edited_line_by_line(self, staff: Client) -> None:
        row = ComparisonRowFactory()
        changes = {"columns": "A\nB\nC", "rows-0-cells": "1\n2\n3"}
        assert save(staff, row.comparison, changes).status_code == 302
        assert Comparison.objects.get().columns == ["A", "B", "C"]
        assert ComparisonRow.objects.get().cells == ["1", "2", "3"]

    def test_row_with_too_few_cells_is_refused(self, staff: Client) -> None:
        row = ComparisonRowFactory()
        page = save(staff, row.comparison, {"columns": "A\nB\nC"}).content.decode()
        assert "This row needs 3 cells, one per column, but has 2." in page
        assert Comparison.objects.get().columns == ["One", "Other"]

    def test_columns_that_do_not_fit_the_rows_are_refused_on_the_guides_page(self, staff: Client) -> None:
        row = ComparisonRowFactory()
        page = save(staff, row.comparison.guide, {"comparisons-0-columns": "A\nB\nC"}).content.decode()
        assert "1 row would no longer match the 3 columns" in page
        assert Comparison.objects.get().columns == ["One", "Other"]
        assert save(staff, row.comparison.guide, {"comparisons-0-columns": "A\nB"}).status_code == 302
        assert Comparison.objects.get().columns == ["A", "B"]

    def test_new_comparison_is_saved_with_its_rows(self, staff: Client) -> None:
        url = reverse("admin:questions_comparison_add")
        texts = {"slug": "new", "title": "New", "subject": "Feature", "columns": "A\nB", "rows-0-feature": "Speed"}
        data = form_data(staff, url) | texts | {"guide": GuideFactory().pk, "rows-TOTAL_FORMS": 1}
        assert (
            "This row needs 2 cells, one per column, but has 1."
            in staff.post(url, data | {"rows-0-cells": "1"}).content.decode()
        )
        assert staff.post(url, data | {"rows-0-cells": "1\r\n2\r\n"}).status_code == 302
        assert ComparisonRow.objects.get().cells == ["1", "2"]
        assert (Comparison.objects.get().position, ComparisonRow.objects.get().position) == (1, 1)

    def test_null_characters_are_refused(self, staff: Client) -> None:
        row = ComparisonRowFactory()
        page = save(staff, row.comparison, {"rows-0-cells": "1\x00\n2"}).content.decode()
        assert "Null characters are not allowed" in page

    def test_saving_unchanged_changes_nothing(self, staff: Client) -> None:
        comparison = ComparisonFactory()
        assert save(staff, comparison, {}).status_code == 302
        assert Comparison.objects.get().columns == comparison.columns


class TestLimitedStaff:
    """Staff with some permissions only."""

    @pytest.fixture
    def limited(self, client: Client) -> Callable[..., Client]:
        """Return a function that logs in a staff user with only the named permissions."""

        def log_in(*names: str) -> Client:
            user = UserFactory(is_staff=True)
            user.user_permissions.set(Permission.objects.filter(codename__in=names))
            client.force_login(user)
            return client

        return log_in

    def test_read_only_rows_keep_their_positions(self, limited: Callable[..., Client]) -> None:
        question = make_question("single_choice")
        client = limited("change_question", "publish_question", "view_choice", "view_rubriccriterion")
        assert save(client, question, {"stem": "Corrected?", "choices-0-position": 7}).status_code == 302
        question.refresh_from_db()
        assert question.stem == "Corrected?"
        assert positions(question) == {"Alpha": 1, "Beta": 2, "Gamma": 3}

    @pytest.mark.parametrize("seen", [(), ("view_choice",), ("change_choice",)])
    def test_invalid_question_is_not_published_by_users_who_cannot_see_its_rows(
        self, limited: Callable[..., Client], seen: tuple[str, ...]
    ) -> None:
        question = make_question("single_choice", status=Status.DRAFT)
        question.choices.update(weight=0)
        client = limited("change_question", "publish_question", *seen)
        page = save(client, question, {"status": "published"}).content.decode()
        assert page.count("Single choice needs exactly one right option") == 1
        question.refresh_from_db()
        assert question.status == Status.DRAFT

    def test_valid_question_is_published_by_users_who_cannot_see_its_rows(self, limited: Callable[..., Client]) -> None:
        question = make_question("single_choice", status=Status.DRAFT)
        assert (
            save(limited("change_question", "publish_question"), question, {"status": "published"}).status_code == 302
        )

    def test_readers_have_no_actions(self, limited: Callable[..., Client]) -> None:
        question = make_question(status=Status.DRAFT)
        url = reverse("admin:questions_question_changelist")
        client = limited("view_question")
        assert "Publish selected" not in client.get(url).content.decode()
        client.post(url, {"action": "publish", "_selected_action": [question.pk]})
        question.refresh_from_db()
        assert question.status == Status.DRAFT


def test_view_on_site_leads_to_the_preview(staff: Client) -> None:
    question = make_question(status=Status.DRAFT)
    assert reverse("question-preview", args=[question.pk]) == question.get_absolute_url()
    assert "View on site" in staff.get(page_of(question)).content.decode()


@pytest.mark.parametrize(("published", "expected"), [(True, True), (False, False)])
def test_only_published_quizzes_have_view_on_site(staff: Client, published: bool, expected: bool) -> None:
    quiz = QuizFactory(is_published=published)
    assert ("View on site" in staff.get(page_of(quiz)).content.decode()) is expected
