"""The index follows every change, and holds nothing but what is published."""

import io
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection, models, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from questions.bank.models.questions import Question
from questions.bank.models.topics import FAQ, Section
from questions.enums import Status
from questions.search.index import vocabulary
from questions.search.services import search
from questions.tests.factories import FAQFactory, SectionFactory, make_question

pytestmark = pytest.mark.django_db


def found(typed: str) -> list[object]:
    """What is found for the word as typed."""
    results = search(typed)
    return [] if results.meant else [hit.row for hit in results.guides + results.faqs + results.questions]


@pytest.fixture
def section() -> Section:
    return SectionFactory(title="A walrus", body="It waits.")


class TestEveryWrite:
    """The old text is not found any more, and the new one is."""

    def changed(self, section: Section) -> None:
        assert (found("walrus"), found("zebra")) == ([], [section])
        assert "zebra" in vocabulary()
        assert "walrus" not in vocabulary()

    def test_save(self, section: Section) -> None:
        section.title = "A zebra"
        section.save()
        self.changed(section)

    def test_update(self, section: Section) -> None:
        Section.objects.update(title="A zebra")
        self.changed(section)

    def test_bulk_update(self, section: Section) -> None:
        section.title = "A zebra"
        Section.objects.bulk_update([section], ["title"])
        self.changed(section)

    def test_loaddata(self, section: Section, tmp_path: Path) -> None:
        dumped = io.StringIO()
        call_command("dumpdata", "questions.section", stdout=dumped)
        fixture = tmp_path / "sections.json"
        fixture.write_text(dumped.getvalue().replace("walrus", "zebra"))
        call_command("loaddata", fixture, verbosity=0)
        self.changed(section)

    def test_bulk_create(self, section: Section) -> None:
        (copy,) = Section.objects.bulk_create(
            [Section(guide=section.guide, position=99, slug="zebra", title="A zebra", body="It runs.")]
        )
        assert (found("walrus"), found("zebra")) == ([section], [copy])

    def test_upsert(self, section: Section) -> None:
        section.title = "A zebra"
        Section.objects.bulk_create([section], update_conflicts=True, unique_fields=["id"], update_fields=["title"])
        self.changed(section)

    @pytest.mark.parametrize("delete", ["row", "queryset", "raw", "cascade"])
    def test_delete(self, section: Section, delete: str) -> None:
        if delete == "row":
            section.delete()
        elif delete == "queryset":
            Section.objects.all().delete()
        elif delete == "raw":
            Section.objects.all()._raw_delete("default")
        else:
            section.guide.topic.delete()
        assert found("walrus") == []
        assert "walrus" not in vocabulary()

    def test_rollback(self, section: Section) -> None:
        with transaction.atomic():
            Section.objects.update(title="A zebra")
            transaction.set_rollback(True)
        assert (found("walrus"), found("zebra")) == ([section], [])


def test_a_text_of_any_length_can_be_saved() -> None:
    words = (f"wörter{number:x}" + "日本" * 150 for number in range(1_300))  # more than PostgreSQL can index at once
    section = SectionFactory(title="Long", body="walrus " + " ".join(words))
    assert found("walrus") == [section]


@pytest.mark.parametrize("status", sorted(set(Status.values) - {Status.PUBLISHED}))
def test_a_question_can_be_found_while_it_is_published(status: str) -> None:
    question = make_question("short_answer", stem="Which walrus?", status=status)
    assert (found("walrus"), vocabulary()) == ([], set())
    Question.objects.update(status=Status.PUBLISHED)
    assert found("walrus") == [question]
    Question.objects.update(status=status)
    assert (found("walrus"), vocabulary()) == ([], set())


def test_words_of_unpublished_questions_are_not_suggested() -> None:
    make_question("short_answer", stem="Which walrus?", status=Status.DRAFT)
    results = search("wallrus")
    assert (results.meant, results.suggestions) == ("", [])


def test_deletions_of_one_kind_leave_the_others(section: Section) -> None:
    faq = FAQFactory(pk=section.pk, guide=section.guide, question="Why a walrus?")
    section.delete()
    assert found("walrus") == [faq]
    assert FAQ.objects.get() == faq


@pytest.mark.django_db(transaction=True)
def test_a_migration_that_changes_a_table_leaves_the_index_right(section: Section) -> None:
    """SQLite makes a changed table anew, without its triggers."""
    old = Section._meta.get_field("slug")
    new = models.SlugField(max_length=90, db_index=True)
    new.set_attributes_from_name("slug")
    new.model = Section
    with connection.schema_editor() as editor:
        editor.alter_field(Section, old, new)
    Section.objects.update(title="A zebra")
    call_command("migrate", verbosity=0)
    assert (found("walrus"), found("zebra")) == ([], [section])
    Section.objects.update(title="A walrus")
    assert (found("walrus"), found("zebra")) == ([section], [])
    with connection.schema_editor() as editor:
        editor.alter_field(Section, new, old)
    call_command("migrate", verbosity=0)


SECRETS = ("xylophone", "harpsichord", "glockenspiel", "accordion")


@pytest.fixture
def secret_question() -> Question:
    """A published question with secrets in everything but its stem and code, and a draft."""
    question = make_question("single_choice", stem="Which instrument?", code="play()", explanation="The xylophone.")
    question.choices.update(text="A harpsichord", feedback="No glockenspiel")
    make_question("single_choice", stem="An accordion?", status=Status.DRAFT)
    return question


PIECES = [
    *(*SECRETS, "instrument", "insturment", "play", "a", "1", "\u0130", "ß", "\u0301", "²", "½", "\x00", "٣", "日本"),
    *("NEAR", "AND", "OR", "NOT", "title:", "NEAR(a b)", ":*", "<->", *"\"'*^:+-(){}|&!<>\\~%_"),
]
TYPED = st.one_of(
    st.text(),
    st.builds(
        lambda separator, pieces: separator.join(pieces), st.sampled_from(["", " "]), st.lists(st.sampled_from(PIECES))
    ),
)


@given(typed=TYPED)
@example(typed="'; DROP TABLE questions_section; --")
@example(typed="x" * 5000)
@example(typed="é" * 5000)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_text_can_be_searched_and_finds_published_content_only(secret_question: Question, typed: str) -> None:
    results = search(typed)
    assert {hit.row for hit in results.questions} <= {secret_question}
    shown = " ".join(hit.title + hit.excerpt for hit in results.questions).lower()
    offered = " ".join([*results.suggestions, results.meant]).lower()
    for secret in SECRETS:
        assert secret not in shown
        assert secret in typed.lower() or secret not in offered


@pytest.mark.parametrize("secret", SECRETS)
def test_options_explanations_and_drafts_are_not_searched(secret_question: Question, secret: str) -> None:
    for typed in (secret, secret[:6], f"instrument {secret}", secret.replace("o", "oo")):
        results = search(typed)
        assert (bool(results), results.meant, results.suggestions) == (False, "", [])
    assert not vocabulary() & set(SECRETS)
