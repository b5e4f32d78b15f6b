"""Positions of rows among their siblings in the admin."""

import pytest
from django.test import Client

from questions.tests.admin.steps import positions, save
from questions.tests.factories import (
    ComparisonFactory,
    FAQFactory,
    GuideFactory,
    QuizFactory,
    QuizItemFactory,
    SectionFactory,
    TakeawayFactory,
    make_question,
)

pytestmark = pytest.mark.django_db


class TestPositions:
    def test_rows_can_be_swapped(self, staff: Client) -> None:
        question = make_question("single_choice")
        response = save(staff, question, {"choices-0-position": 3, "choices-2-position": 1})
        assert response.status_code == 302
        assert positions(question) == {"Alpha": 3, "Beta": 2, "Gamma": 1}

    def test_row_can_take_the_position_of_a_deleted_one(self, staff: Client) -> None:
        question = make_question("single_choice")
        response = save(staff, question, {"choices-0-position": 2, "choices-1-DELETE": "on"})
        assert response.status_code == 302
        assert positions(question) == {"Alpha": 2, "Gamma": 3}

    def test_blank_position_goes_to_the_end(self, staff: Client) -> None:
        question = make_question("single_choice")
        added = {"choices-3-text": "Delta", "choices-3-weight": "0", "choices-3-position": "", "choices-TOTAL_FORMS": 4}
        assert save(staff, question, added | {"choices-3-question": question.pk}).status_code == 302
        assert positions(question)["Delta"] == 4

    def test_repeated_position_is_refused(self, staff: Client) -> None:
        question = make_question("single_choice")
        response = save(staff, question, {"choices-0-position": 2, "stem": "Typed, and not lost?"})
        assert "Position 2 is used twice" in response.content.decode()
        assert "Typed, and not lost?" in response.content.decode()
        assert positions(question)["Alpha"] == 1

    @pytest.mark.parametrize("number", ["0", "-3", "1000000000000"])
    def test_position_below_1_or_too_large_is_refused(self, staff: Client, number: str) -> None:
        question = make_question("single_choice")
        assert "Enter a position from 1 to" in save(staff, question, {"choices-0-position": number}).content.decode()

    def test_questions_of_a_quiz_can_be_swapped(self, staff: Client) -> None:
        quiz = QuizFactory()
        first, second = (QuizItemFactory(quiz=quiz, question=make_question(), position=position) for position in (1, 2))
        assert save(staff, quiz, {"items-0-position": 2, "items-1-position": 1}).status_code == 302
        assert list(quiz.items.all()) == [second, first]

    def test_position_of_a_deleted_row_is_free_despite_other_errors(self, staff: Client) -> None:
        question = make_question("single_choice")
        changes = {"choices-0-DELETE": "on", "choices-1-position": 1, "choices-2-weight": "heavy"}
        page = save(staff, question, changes).content.decode()
        assert "Enter a number." in page
        assert "is used twice" not in page

    def test_blank_position_without_a_free_number_is_refused(self, staff: Client) -> None:
        question = make_question("single_choice")
        page = save(staff, question, {"choices-0-position": 9999, "choices-1-position": ""}).content.decode()
        assert "Enter a position from 1 to 9999" in page
        assert positions(question) == {"Alpha": 1, "Beta": 2, "Gamma": 3}

    def test_parts_of_a_guide_can_be_swapped_and_renumbered(self, staff: Client) -> None:
        guide = GuideFactory()
        for factory in (SectionFactory, ComparisonFactory, TakeawayFactory, FAQFactory):
            for position in (1, 2):
                factory(guide=guide, position=position)
        parts = ["sections", "comparisons", "takeaways", "faqs"]
        before = {part: list(getattr(guide, part).values_list("pk", flat=True)) for part in parts}
        swap = {f"{part}-{row}-position": 2 - row for part in parts for row in (0, 1)}
        assert save(staff, guide, swap).status_code == 302
        assert {part: list(getattr(guide, part).values_list("pk", flat=True))[::-1] for part in parts} == before

    def test_slugs_can_be_swapped_or_reused(self, staff: Client) -> None:
        guide = GuideFactory()
        first, second, _third = (
            SectionFactory(guide=guide, slug=slug, position=position) for position, slug in enumerate("abc", 1)
        )
        changes = {"sections-0-slug": "b", "sections-1-slug": "c", "sections-2-DELETE": "on"}
        assert save(staff, guide, changes).status_code == 302
        assert list(guide.sections.values_list("pk", "slug")) == [(first.pk, "b"), (second.pk, "c")]

    def test_questions_of_a_quiz_can_be_exchanged(self, staff: Client) -> None:
        quiz = QuizFactory()
        items = [QuizItemFactory(quiz=quiz, question=make_question(), position=position) for position in (1, 2)]
        asked = [item.question_id for item in items]
        assert save(staff, quiz, {"items-0-question": asked[1], "items-1-question": asked[0]}).status_code == 302
        assert list(quiz.items.values_list("question", flat=True)) == asked[::-1]

    def test_repeated_question_in_a_quiz_is_refused(self, staff: Client) -> None:
        quiz = QuizFactory()
        items = [QuizItemFactory(quiz=quiz, question=make_question(), position=position) for position in (1, 2)]
        page = save(staff, quiz, {"items-1-question": items[0].question_id}).content.decode()
        assert "Please correct the duplicate data for question" in page
