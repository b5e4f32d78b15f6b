"""Planning and applying an import into the database, and exporting records from it."""

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
from questions.importexport.base import Issue, ParsedFile, Record
from questions.tests.factories import TopicFactory, UserFactory, make_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]
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
    return importer.plan(parsed=ParsedFile(list(records)), topic=topic, by=by)


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

    @pytest.mark.parametrize("name", ["web", "The Web", "the web", "Moodle/Courses/The Web", "a/web"])
    def test_topic_is_found_by_slug_or_title(self, web, name: str) -> None:
        assert plan(record(topic=name)).created[0].question.topic == web

    def test_topic_must_be_chosen_for_an_unknown_one(self, web) -> None:
        assert "Unknown topic “Rust”" in plan(record(topic="Rust")).refused[0].text
        assert "The file does not name a topic. Choose a topic" in plan(record(topic="")).refused[0].text
        assert plan(record(topic="Rust"), topic=web).created[0].question.topic == web

    def test_missing_slug_is_made_from_the_stem(self, web) -> None:
        assert plan(record(slug="")).created[0].question.slug == "which-one"
        assert "No slug" in plan(record(replace(ITEM, stem="为什么？"), slug="")).refused[0].text

    def test_repeated_slug_is_refused_once(self, web) -> None:
        found = plan(record(line=3), record(replace(ITEM, stem="Other?"), line=9))
        assert (len(found.created), [issue.line for issue in found.refused]) == (1, [9])

    @pytest.mark.parametrize(
        ("changes", "message"),
        [
            ({"type": "essay"}, "Unknown question type “essay”"),
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
    def test_question_that_cannot_be_stored_or_graded_is_refused(self, web, changes: dict, message: str) -> None:
        found = plan(record(replace(ITEM, **changes), line=4), record(slug="good"))
        assert [step.record.slug for step in found.created] == ["good"]
        assert message in found.refused[0].text
        assert found.refused[0].line == 4

    def test_draft_with_units_that_cannot_be_read_is_refused(self, web) -> None:
        item = Item("numeric", "How long?", units="ms, s", options=(Option("250", 1),))
        assert "Define “s”: for example" in plan(record(item)).refused[0].text
        (step,) = plan(record(replace(item, units="ms, s = 1000 ms"))).created
        assert step.question.units == "ms, s = 1000 ms"

    def test_unknown_task_is_refused(self, web) -> None:
        assert "Unknown task" in plan(record(task="guess")).refused[0].text

    def test_open_question_without_rubric_is_imported(self, web) -> None:
        assert plan(record(Item(type="open", stem="Why?"))).created

    def test_even_shares_without_penalty_become_weights_of_1_and_0(self, web) -> None:
        options = (Option("a", 0.33333), Option("b", 0.33333), Option("c", 0.33333), Option("d"))
        (step,) = plan(record(replace(ITEM, type="multiple_choice", options=options))).created
        assert [option.weight for option in step.item.options] == [1, 1, 1, 0]

    def test_refusals_of_the_reader_are_kept_in_file_order(self, web) -> None:
        parsed = ParsedFile([record(topic="no", line=2)], [Issue(1, "a", "b"), Issue(5, "c", "d")])
        assert [issue.line for issue in importer.plan(parsed=parsed, topic=None).refused] == [1, 2, 5]

    def test_number_of_queries_is_constant(self, web, django_assert_max_num_queries) -> None:
        for size in (3, 30):
            make_question(topic=web)
            with django_assert_max_num_queries(3):
                plan(*(record(slug=f"q{n}") for n in range(size)))


class TestApply:
    def test_new_questions_are_drafts_by_the_importing_user(self, web) -> None:
        by = UserFactory()
        importer.apply(plan=plan(record(task="debug"), by=by), at=NOW, by=by)
        question = load()
        assert (question.status, question.author, question.task) == (Status.DRAFT, by, "debug")
        assert question.item() == ITEM
        assert QuestionRevision.objects.get().made_by == by

    @pytest.mark.parametrize("name", types.names())
    def test_every_type_round_trips(self, name: str) -> None:
        question = make_question(name, task="recall" if name != "open" else "")
        records = importer.records(Question.objects.with_content().select_related("topic"))
        assert [step.slug for step in plan(*records).unchanged] == [question.slug]
        Question.objects.all().delete()
        parsed = yaml_fixture.read(yaml_fixture.write(records).content)
        importer.apply(plan=importer.plan(parsed=parsed, topic=None), at=NOW)
        assert importer.records(Question.objects.with_content().select_related("topic")) == records

    def test_second_import_changes_nothing(self, web) -> None:
        importer.apply(plan=plan(record()), at=NOW)
        found = plan(record())
        assert found.is_empty
        assert len(found.unchanged) == 1

    def test_changed_question_keeps_its_status_and_its_old_revision(self, web) -> None:
        question = make_question("single_choice", topic=web, slug="one", stem="Before?")
        importer.apply(plan=plan(record()), at=NOW)
        question = load()
        assert (question.status, question.item()) == (Status.PUBLISHED, ITEM)
        assert [revision.item().stem for revision in QuestionRevision.objects.order_by("number")] == [
            "Before?",
            "Which one?",
        ]

    def test_difficulty_and_seniority_missing_in_the_file_are_kept(self, web) -> None:
        make_question("single_choice", topic=web, slug="one", difficulty="hard", seniority="senior")
        importer.apply(plan=plan(record(replace(ITEM, difficulty="", seniority=""))), at=NOW)
        assert (load().difficulty, load().seniority) == ("hard", "senior")

    def test_only_users_who_may_publish_change_published_questions(self, web) -> None:
        make_question("single_choice", topic=web, slug="one")
        for group, allowed in (("Author", False), ("Reviewer", True)):
            by = UserFactory()
            by.groups.set([Group.objects.get(name=group)])
            found = plan(record(), by=by)
            assert bool(found.changed) is allowed
            assert bool(found.refused) is not allowed

    def test_published_question_cannot_become_invalid(self, web) -> None:
        make_question("single_choice", topic=web, slug="one")
        assert "needs an explanation" in plan(record(replace(ITEM, explanation=""))).refused[0].text

    def test_valid_questions_are_imported_unless_all_or_nothing_is_set(self, web) -> None:
        found = plan(record(), record(slug="bad", topic="no"))
        with pytest.raises(importer.NothingImported):
            importer.apply(plan=found, at=NOW, all_or_nothing=True)
        assert not Question.objects.exists()
        importer.apply(plan=found, at=NOW)
        assert load().slug == "one"

    def test_large_import_needs_few_queries(self, web, django_assert_max_num_queries) -> None:
        found = plan(*(record(slug=f"q{n}") for n in range(300)))
        with django_assert_max_num_queries(40):
            importer.apply(plan=found, at=NOW)
        assert Question.objects.count() == 300
