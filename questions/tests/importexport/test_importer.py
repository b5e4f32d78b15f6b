"""What an import would do is said first, then done; what a site says already is left alone."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group

from questions import types
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.content.item import Criterion, Item, Option, Source
from questions.enums import Status
from questions.importexport import importer, yaml_fixture
from questions.importexport.base import Reading, Record, Remark
from questions.tests.factories import TopicFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ITEM = Item(
    type="single_choice",
    stem="Which one?",
    difficulty="easy",
    seniority="junior",
    explanation="So.",
    options=(Option("This", 1), Option("That")),
)


def record(item: Item = ITEM, slug: str = "one", topic: str = "web", **more) -> Record:
    return Record(item, topic=topic, slug=slug, **more)


def plan(*records: Record, topic=None, by=None) -> importer.Plan:
    return importer.plan(reading=Reading(list(records)), topic=topic, by=by)


@pytest.fixture
def web():
    return TopicFactory(slug="web", title="The Web")


def load(slug: str = "one") -> Question:
    return Question.objects.with_content().get(slug=slug)


class TestPlan:
    def test_it_writes_nothing(self, web) -> None:
        found = plan(record())
        assert [step.record.slug for step in found.created] == ["one"]
        assert not Question.objects.exists()

    @pytest.mark.parametrize("named", ["web", "The Web", "the web", "Moodle/Courses/The Web", "a/web"])
    def test_a_topic_is_known_by_slug_or_title(self, web, named: str) -> None:
        assert plan(record(topic=named)).created[0].question.topic == web

    def test_without_a_topic_one_has_to_be_chosen(self, web) -> None:
        assert "no topic “Rust” here" in plan(record(topic="Rust")).refused[0].text
        assert "names no topic" in plan(record(topic="")).refused[0].text
        assert plan(record(topic="Rust"), topic=web).created[0].question.topic == web

    def test_a_name_is_made_of_the_stem_where_there_is_none(self, web) -> None:
        assert plan(record(slug="")).created[0].question.slug == "which-one"
        assert "no name" in plan(record(replace(ITEM, stem="为什么？"), slug="")).refused[0].text

    def test_the_same_name_twice_is_refused_once(self, web) -> None:
        found = plan(record(line=3), record(replace(ITEM, stem="Other?"), line=9))
        assert (len(found.created), [remark.line for remark in found.refused]) == (1, [9])

    @pytest.mark.parametrize(
        ("changes", "words"),
        [
            ({"type": "essay"}, "“essay” is no type"),
            ({"options": (Option("This"), Option("That"))}, "exactly one right option"),
            ({"options": (Option("This", 2), Option("That"))}, "weight"),
            ({"stem": ""}, "stem: This field cannot be blank."),
            ({"holds_for": "x" * 201}, "holds_for"),
            ({"difficulty": "terrible"}, "difficulty"),
            ({"sources": (Source("Docs", "no address"),)}, "url"),
            ({"sources": (Source("Docs", "javascript:alert(1)"),)}, "url"),
            ({"criteria": (Criterion("Says so", 1.5),)}, "whole number"),
        ],
    )
    def test_what_cannot_be_stored_or_graded_is_refused(self, web, changes: dict, words: str) -> None:
        found = plan(record(replace(ITEM, **changes), line=4), record(slug="good"))
        assert [step.record.slug for step in found.created] == ["good"]
        assert words in found.refused[0].text
        assert found.refused[0].line == 4

    def test_an_unknown_task_is_refused(self, web) -> None:
        assert "is no task" in plan(record(task="guess")).refused[0].text

    def test_a_rubric_may_still_be_written(self, web) -> None:
        assert plan(record(Item(type="open", stem="Why?"))).created

    def test_even_shares_without_a_cost_become_ours(self, web) -> None:
        options = (Option("a", 0.33333), Option("b", 0.33333), Option("c", 0.33333), Option("d"))
        (step,) = plan(record(replace(ITEM, type="multiple_choice", options=options))).created
        assert [option.weight for option in step.item.options] == [1, 1, 1, 0]

    def test_what_was_refused_before_stays_refused_in_the_order_of_the_file(self, web) -> None:
        reading = Reading([record(topic="no", line=2)], [Remark(1, "a", "b"), Remark(5, "c", "d")])
        assert [remark.line for remark in importer.plan(reading=reading, topic=None).refused] == [1, 2, 5]

    def test_the_number_of_queries_does_not_grow(self, web, django_assert_max_num_queries) -> None:
        for size in (3, 30):
            make_question(topic=web)
            with django_assert_max_num_queries(3):
                plan(*(record(slug=f"q{n}") for n in range(size)))


class TestApply:
    def test_new_questions_are_drafts_by_whoever_imported_them(self, web) -> None:
        by = UserFactory()
        importer.apply(plan=plan(record(task="debug"), by=by), at=NOW, by=by)
        question = load()
        assert (question.status, question.author, question.task) == (Status.DRAFT, by, "debug")
        assert question.item() == ITEM
        assert QuestionRevision.objects.get().made_by == by

    @pytest.mark.parametrize("name", types.names())
    def test_every_type_goes_out_and_comes_back(self, name: str) -> None:
        question = make_question(name, task="recall" if name != "open" else "")
        records = importer.records(Question.objects.with_content().select_related("topic"))
        assert [step.slug for step in plan(*records).left] == [question.slug]
        Question.objects.all().delete()
        reading = yaml_fixture.read(yaml_fixture.write(records).content)
        importer.apply(plan=importer.plan(reading=reading, topic=None), at=NOW)
        assert importer.records(Question.objects.with_content().select_related("topic")) == records

    def test_a_second_time_changes_nothing(self, web) -> None:
        importer.apply(plan=plan(record()), at=NOW)
        found = plan(record())
        assert found.is_idle
        assert len(found.left) == 1

    def test_a_changed_question_keeps_status_and_what_it_said(self, web) -> None:
        question = make_question("single_choice", topic=web, slug="one", stem="Before?")
        importer.apply(plan=plan(record()), at=NOW)
        question = load()
        assert (question.status, question.item()) == (Status.PUBLISHED, ITEM)
        assert [revision.item().stem for revision in QuestionRevision.objects.order_by("number")] == [
            "Before?",
            "Which one?",
        ]

    def test_levels_that_a_file_does_not_say_stay(self, web) -> None:
        make_question("single_choice", topic=web, slug="one", difficulty="hard", seniority="senior")
        importer.apply(plan=plan(record(replace(ITEM, difficulty="", seniority=""))), at=NOW)
        assert (load().difficulty, load().seniority) == ("hard", "senior")

    def test_a_published_question_is_changed_by_those_who_may_publish(self, web) -> None:
        make_question("single_choice", topic=web, slug="one")
        for group, allowed in (("Author", False), ("Reviewer", True)):
            by = UserFactory()
            by.groups.set([Group.objects.get(name=group)])
            found = plan(record(), by=by)
            assert bool(found.changed) is allowed
            assert bool(found.refused) is not allowed

    def test_a_published_question_is_not_made_unsound(self, web) -> None:
        make_question("single_choice", topic=web, slug="one")
        assert "needs an explanation" in plan(record(replace(ITEM, explanation=""))).refused[0].text

    def test_good_ones_are_imported_without_the_bad_unless_all_or_nothing_is_asked(self, web) -> None:
        found = plan(record(), record(slug="bad", topic="no"))
        with pytest.raises(importer.NothingImported):
            importer.apply(plan=found, at=NOW, whole=True)
        assert not Question.objects.exists()
        importer.apply(plan=found, at=NOW)
        assert load().slug == "one"

    def test_many_cost_few_queries(self, web, django_assert_max_num_queries) -> None:
        found = plan(*(record(slug=f"q{n}") for n in range(300)))
        with django_assert_max_num_queries(40):
            importer.apply(plan=found, at=NOW)
        assert Question.objects.count() == 300
