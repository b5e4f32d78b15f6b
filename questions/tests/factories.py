"""Factories that mirror the models; each creates a valid object. `make_question` creates a sound question of any
type."""

from datetime import UTC, date, datetime
from typing import Any

import factory
from django.contrib.auth import get_user_model
from factory.django import DjangoModelFactory

from questions import models


class UserFactory(DjangoModelFactory):
    """A candidate; `password` is set with `set_password`."""

    class Meta:
        model = get_user_model()
        skip_postgeneration_save = True

    username = factory.Sequence(lambda number: f"user-{number}")
    email = factory.LazyAttribute(lambda user: f"{user.username}@example.org")

    @factory.post_generation
    def password(self, create: bool, extracted: str | None, **kwargs: Any) -> None:
        """Set the given password, or an unusable one."""
        if extracted:
            self.set_password(extracted)  # type: ignore[attr-defined]
            self.save()  # type: ignore[attr-defined]


class TopicFactory(DjangoModelFactory):
    class Meta:
        model = models.Topic

    slug = factory.Sequence(lambda number: f"topic-{number}")
    title = factory.Sequence(lambda number: f"Topic {number}")
    summary = "What it is about."
    position = factory.Sequence(lambda number: number + 1)


class GuideFactory(DjangoModelFactory):
    class Meta:
        model = models.Guide

    topic = factory.SubFactory(TopicFactory)
    title = factory.LazyAttribute(lambda guide: f"Guide to {guide.topic.title}")
    quick_answer = "In *one* paragraph."
    holds_for = "Django 5.2"


class SectionFactory(DjangoModelFactory):
    class Meta:
        model = models.Section

    guide = factory.SubFactory(GuideFactory)
    slug = factory.Sequence(lambda number: f"section-{number}")
    position = factory.Sequence(lambda number: number + 1)
    title = factory.Sequence(lambda number: f"Section {number}")
    body = "Some prose."


class PictureFactory(DjangoModelFactory):
    class Meta:
        model = models.Picture

    name = factory.Sequence(lambda number: f"picture-{number}")
    alternative_text = factory.LazyAttribute(lambda picture: f"What {picture.name} says")
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 40 20"><rect width="9" height="9" /></svg>'


class CodeListingFactory(DjangoModelFactory):
    class Meta:
        model = models.CodeListing

    section = factory.SubFactory(SectionFactory)
    slug = factory.Sequence(lambda number: f"listing-{number}")
    position = factory.Sequence(lambda number: number + 1)
    title = "A listing"
    code = "print(1)"
    output = "1"


class ComparisonFactory(DjangoModelFactory):
    class Meta:
        model = models.Comparison

    guide = factory.SubFactory(GuideFactory)
    slug = factory.Sequence(lambda number: f"comparison-{number}")
    position = factory.Sequence(lambda number: number + 1)
    title = "Side by side"
    subject = "Feature"
    columns = factory.LazyFunction(lambda: ["One", "Other"])


class ComparisonRowFactory(DjangoModelFactory):
    class Meta:
        model = models.ComparisonRow

    comparison = factory.SubFactory(ComparisonFactory)
    position = factory.Sequence(lambda number: number + 1)
    feature = "Speed"
    cells = factory.LazyFunction(lambda: ["Fast", "Slow"])


class TakeawayFactory(DjangoModelFactory):
    class Meta:
        model = models.Takeaway

    guide = factory.SubFactory(GuideFactory)
    slug = factory.Sequence(lambda number: f"takeaway-{number}")
    position = factory.Sequence(lambda number: number + 1)
    text = "Remember this."


class FAQFactory(DjangoModelFactory):
    class Meta:
        model = models.FAQ

    guide = factory.SubFactory(GuideFactory)
    slug = factory.Sequence(lambda number: f"faq-{number}")
    position = factory.Sequence(lambda number: number + 1)
    question = "Is it so?"
    answer = "Yes."


class QuestionFactory(DjangoModelFactory):
    """A published question without its related rows; `make_question` adds them."""

    class Meta:
        model = models.Question

    topic = factory.SubFactory(TopicFactory)
    slug = factory.Sequence(lambda number: f"question-{number}")
    type = "single_choice"
    status = models.Status.PUBLISHED
    stem = factory.LazyAttribute(lambda question: f"What is asked in `{question.slug}`?")
    explanation = "That is why."


class ChoiceFactory(DjangoModelFactory):
    class Meta:
        model = models.Choice

    question = factory.SubFactory(QuestionFactory)
    position = factory.Sequence(lambda number: number + 1)
    text = factory.Sequence(lambda number: f"Option {number}")
    match = ""
    feedback = factory.LazyAttribute(lambda choice: f"About {choice.text or choice.match}.")


class RubricCriterionFactory(DjangoModelFactory):
    class Meta:
        model = models.RubricCriterion

    question = factory.SubFactory(QuestionFactory, type="open")
    position = factory.Sequence(lambda number: number + 1)
    text = factory.Sequence(lambda number: f"Names point {number}")


class FollowUpFactory(DjangoModelFactory):
    class Meta:
        model = models.FollowUp

    question = factory.SubFactory(QuestionFactory, type="open")
    position = factory.Sequence(lambda number: number + 1)
    text = "And then?"


class ReferenceFactory(DjangoModelFactory):
    class Meta:
        model = models.Reference

    question = factory.SubFactory(QuestionFactory)
    position = factory.Sequence(lambda number: number + 1)
    title = "Django documentation, “Views”"
    url = "https://docs.djangoproject.com/en/5.2/topics/http/views/"


class QuizFactory(DjangoModelFactory):
    class Meta:
        model = models.Quiz

    slug = factory.Sequence(lambda number: f"quiz-{number}")
    title = factory.Sequence(lambda number: f"Quiz {number}")
    position = factory.Sequence(lambda number: number + 1)
    is_published = True


class QuizItemFactory(DjangoModelFactory):
    class Meta:
        model = models.QuizItem

    quiz = factory.SubFactory(QuizFactory)
    question = factory.SubFactory(QuestionFactory)
    position = factory.Sequence(lambda number: number + 1)


class StudyPlanFactory(DjangoModelFactory):
    """A user's study plan without topics."""

    class Meta:
        model = models.StudyPlan

    user = factory.SubFactory(UserFactory)
    begun_on = date(2026, 3, 1)
    updated_at = datetime(2026, 3, 1, 12, tzinfo=UTC)


class PlanTopicFactory(DjangoModelFactory):
    class Meta:
        model = models.PlanTopic

    plan = factory.SubFactory(StudyPlanFactory)
    topic = factory.SubFactory(TopicFactory)


class SchedulerVersionFactory(DjangoModelFactory):
    class Meta:
        model = models.SchedulerVersion

    algorithm = "FSRS-6"
    weights = factory.LazyFunction(lambda: [0.5] * 21)
    digest = factory.Sequence(lambda number: f"{number:064d}")


class CardFactory(DjangoModelFactory):
    """A user's card, reviewed once on 1 March 2026 and due on 3 March."""

    class Meta:
        model = models.Card

    user = factory.SubFactory(UserFactory)
    question = factory.SubFactory(QuestionFactory)
    reviewed_on = date(2026, 3, 1)
    due_on = date(2026, 3, 3)
    stability = 2.3
    difficulty = 2.1
    state = 2


class ReviewFactory(DjangoModelFactory):
    """A user's review, rated Good; without a response unless one is given."""

    class Meta:
        model = models.Review

    user = factory.SubFactory(UserFactory)
    question = factory.SubFactory(QuestionFactory)
    day = date(2026, 3, 1)
    at = datetime(2026, 3, 1, 12, tzinfo=UTC)
    rating = 3
    fraction = 1.0


class BookmarkFactory(DjangoModelFactory):
    class Meta:
        model = models.Bookmark

    user = factory.SubFactory(UserFactory)
    question = factory.SubFactory(QuestionFactory)
    marked_at = datetime(2026, 3, 1, 12, tzinfo=UTC)


class NoteFactory(DjangoModelFactory):
    class Meta:
        model = models.Note

    user = factory.SubFactory(UserFactory)
    question = factory.SubFactory(QuestionFactory)
    text = "Ask about indexes."
    written_at = datetime(2026, 3, 1, 12, tzinfo=UTC)


LISTING = "def total(prices, found=[]):\n    found += prices\n    return sum(found)\n\nprint(total([1]))"
CHOICES: dict[str, list[dict[str, Any]]] = {
    "single_choice": [{"text": "Alpha", "weight": 1}, {"text": "Beta"}, {"text": "Gamma"}],
    "multiple_choice": [{"text": "Alpha", "weight": 1}, {"text": "Beta", "weight": 1}, {"text": "Gamma"}],
    "true_false": [{"text": "True", "weight": 1}, {"text": "False"}],
    "short_answer": [{"text": "zirconium", "weight": 1}, {"text": "quartzite"}],
    "numeric": [{"text": "76543", "weight": 1, "tolerance": "0.5"}, {"text": "34567"}],
    "ordering": [{"text": "First"}, {"text": "Second"}, {"text": "Third"}],
    "matching": [{"text": "Left", "match": "L"}, {"text": "Right", "match": "R"}, {"text": "", "match": "X"}],
    "find_lines": [{"text": "2", "weight": 1}, {"text": "3"}],
    "open": [],
}


def make_question(type_name: str = "single_choice", **fields: Any) -> models.Question:
    """Create a sound, published question of that type with all its rows; the first choice is right if any is."""
    fields.setdefault("model_answer", "As a strong candidate says it." if type_name == "open" else "")
    question = QuestionFactory(type=type_name, **({"code": LISTING} if type_name == "find_lines" else {}) | fields)
    for position, choice in enumerate(CHOICES[type_name], 1):
        ChoiceFactory(question=question, position=position, **choice)
    if type_name == "open":
        for position, (weight, essential) in enumerate([(3, True), (2, False), (1, False), (1, False)], 1):
            RubricCriterionFactory(question=question, position=position, weight=weight, essential=essential)
        FollowUpFactory(question=question, position=1)
    ReferenceFactory(question=question, position=1)
    return question
