"""The export has all data of the owner, none of others, and no answers that are still secret."""

import csv
import io
import json
import uuid
import zipfile
from datetime import timedelta

import pytest
from django.apps import apps
from django.conf import settings

from questions import models
from questions.accounts.owners import Owned, Owner
from questions.attempts import services as attempts
from questions.attempts.drafts import MAX_CHARACTERS, MAX_VERSIONS
from questions.bank.models.questions import Question
from questions.enums import AttemptMode, Mode
from questions.notes.models import MAX_NOTE_LENGTH, TARGETS
from questions.personal_data import archive_reader, exporter, schema
from questions.scheduling.plan_models import ReminderFrequency, StudyPlan
from questions.study import calendar_feed
from questions.tests.factories import UserFactory, make_question
from questions.tests.personal_data_factories import AT, MARK, Bank, fill, make_bank, taken

pytestmark = pytest.mark.django_db
OWNERS = pytest.mark.parametrize("kind", ["user", "visitor"])


def make_owner(kind: str) -> Owner:
    if kind == "visitor":
        return Owner(visitor=uuid.uuid4())
    user = UserFactory(username="ada", email="ada@example.org", password="a long walk by the sea")
    user.emailaddress_set.create(email="lovelace@example.org")
    return Owner(user_id=user.pk)


def exported(owner: Owner, at=AT) -> zipfile.ZipFile:
    file = io.BytesIO()
    exporter.export(owner=owner, file=file, at=at)
    return zipfile.ZipFile(file)


def data_of(archive: zipfile.ZipFile) -> dict:
    return json.loads(archive.read("data.json"))


def rows_of(archive: zipfile.ZipFile, name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(archive.read(f"{name}.csv").decode("utf-8-sig"), newline="")))


@pytest.fixture
def bank() -> Bank:
    return make_bank()


def test_export_has_every_kind_of_owned_row() -> None:
    owned = {model for model in apps.get_models() if issubclass(model, Owned)}
    assert owned == {models.Attempt, models.StudyPlan, models.Card, models.Review, models.Bookmark, models.Note}


def test_format_accepts_all_choices_of_the_models() -> None:
    assert set(schema.MODES) == set(AttemptMode.values)
    assert {schema.OPEN, *schema.ENDED} == set(models.AttemptStatus.values)
    assert set(schema.SURE) == {"", *models.Confidence.values}
    assert set(schema.TARGETS) == set(TARGETS)
    assert schema.LONGEST_NOTE == MAX_NOTE_LENGTH
    assert (schema.MOST_DRAFTS, schema.LONGEST_DRAFT) == (MAX_VERSIONS, MAX_CHARACTERS)
    assert set(schema.PARTS) == set(models.Draft.Part.values)
    assert set(schema.REMINDERS) == set(ReminderFrequency.values)
    for status in models.CardStatus.values:
        card = {"question": ["t", "s"], "status": status, "misses": 0}
        schema.card(card | {"buried_on": None, "taken_up_at": None, "memory": None})


@OWNERS
def test_export_is_complete(bank: Bank, kind: str) -> None:
    owner = make_owner(kind)
    fill(owner, bank)
    models.Review.objects.latest("pk").response.delete()
    archive = exported(owner)
    data = data_of(archive)
    topic = bank.faq.guide.topic.slug
    counts = {name: len(data[name]) for name in schema.LISTS}
    assert counts == {
        "revisions": 9,
        "attempts": 5,
        "reviews": 1,
        "cards": 9,
        "notes": 3,
        "bookmarks": 3,
        "reports": 2,
        "regradings": 2,
    }
    assert data["account"] == (
        None
        if kind == "visitor"
        else {
            "username": "ada",
            "email": "ada@example.org",
            "emails": ["lovelace@example.org"],
            "joined": data["account"]["joined"],
        }
    )
    assert data["plan"]["topics"] == [{"topic": topic, "weight": 3}]
    assert data["plan"]["dates_off"] == ["2025-04-05"]
    reminded = ("off", None) if kind == "visitor" else ("weekly", "2025-03-01")
    assert (data["plan"]["reminders"], data["plan"]["reminded_on"]) == reminded
    assert {one["question"][1]: one["digest"] for one in data["revisions"]} == {
        revision.question.slug: revision.digest for revision in models.QuestionRevision.objects.filter(number=1)
    }
    practice = data["attempts"][0]
    assert (practice["title"], practice["mode"], practice["status"]) == (f"{MARK}'s quiz", "practice", "submitted")
    assert [one["position"] for one in practice["responses"]] == list(range(1, 10))
    assert practice["responses"][0] | {"option_order": None} == {
        "position": 1,
        "revision": 0,
        "option_order": None,
        "answer": {"chosen": [1]},
        "fraction": 0.5,
        "confidence": "sure",
        "flagged": False,
        "answered_at": "2025-03-01T12:00:01Z",
        "seconds": 7.25,
        "drafts": [],
        "review": {"day": "2025-03-01", "rating": 1, "predicted": None, "undone_at": None},
    }
    drafts = practice["responses"][-1]["drafts"]
    assert [(one["part"], one["number"], one["fields"]) for one in drafts] == [
        ("answer", 3, {"text": [f"{MARK}, I would say."]}),
        ("marks", 3, {"met": ["1"]}),
    ]
    assert {one["saved_at"] for one in drafts} == {"2025-03-01T14:00:00Z"}
    assert sum(one["review"] is not None for attempt in data["attempts"] for one in attempt["responses"]) == 13
    assert data["reviews"][0]["question"] == [topic, bank.questions[1].slug]
    assert {card["status"] for card in data["cards"]} == {"active", "known"}
    assert [note["on"] for note in data["notes"]] == ["question", "guide", "faq"]
    assert {report["text"] for report in data["reports"]} == {f"{MARK} doubts it."}
    assert [(one["before"], one["after"], one["reason"]) for one in data["regradings"]] == [(0, 0.5, "Half right.")] * 2
    assert archive_reader.read(archive.read("data.json"))["attempts"]


@OWNERS
def test_export_has_nothing_of_others(bank: Bank, kind: str) -> None:
    others = [Owner(user_id=UserFactory(username="grace").pk), Owner(visitor=uuid.uuid4())]
    for other in others:
        fill(other, bank)
    owner = make_owner(kind)
    archive = exported(owner)
    content = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert MARK not in content and "grace" not in content and "It is meant so." not in content
    assert not any(data_of(archive)[name] for name in schema.LISTS)
    assert data_of(archive)["plan"] is None


def test_export_has_no_password_and_no_session(bank: Bank, client) -> None:
    owner = make_owner("user")
    user = models.Attempt._meta.get_field("user").related_model.objects.get(pk=owner.user_id)
    client.force_login(user)
    fill(owner, bank)
    content = exported(owner).read("data.json").decode()
    assert user.password not in content and user.password.rpartition("$")[2] not in content
    assert client.session.session_key not in content


def test_export_has_no_address_of_the_calendar(bank: Bank) -> None:
    owner = make_owner("visitor")
    fill(owner, bank)
    plan = StudyPlan.objects.owned_by(owner).get()
    archive = exported(owner)
    content = b"".join(archive.read(name) for name in archive.namelist()).decode()
    for secret in (calendar_feed.token_of(plan.calendar_id), str(plan.calendar_id), plan.calendar_id.hex):
        assert secret not in content


@pytest.mark.parametrize("mode", [Mode.EXAM, AttemptMode.INTERVIEW])
def test_exam_in_progress_has_neither_fractions_nor_contents(mode: str) -> None:
    owner = make_owner("visitor")
    question = make_question("single_choice", stem="What runs?", explanation="That is the key.")
    attempt = taken(owner, [question], mode=mode)
    archive = exported(owner)
    content = b"".join(archive.read(name) for name in archive.namelist()).decode()
    assert "That is the key" not in content
    assert data_of(archive)["revisions"][0]["content"] is None
    assert data_of(archive)["attempts"][0]["responses"][0]["answer"] == {"chosen": [1]}
    assert data_of(archive)["attempts"][0]["responses"][0]["fraction"] is None
    assert rows_of(archive, "answers")[0]["fraction"] == rows_of(archive, "attempts")[0]["percent"] == ""
    attempts.submit(attempt=attempt, at=AT)
    assert data_of(exported(owner))["revisions"][0]["content"]["explanation"] == "That is the key."
    assert data_of(exported(owner))["attempts"][0]["responses"][0]["fraction"] == 0


def test_unanswered_practice_question_has_no_content() -> None:
    owner = make_owner("visitor")
    questions = [make_question("single_choice"), make_question("single_choice")]
    attempt = attempts.start(owner=owner, questions=questions, mode=Mode.PRACTICE, title="T", at=AT)
    attempts.record_response(response=attempt.responses.get(position=1), answer={"chosen": [0]}, at=AT)
    contents = {one["question"][1]: one["content"] for one in data_of(exported(owner))["revisions"]}
    assert contents[questions[0].slug] and contents[questions[1].slug] is None


def test_overdue_exam_is_closed_first() -> None:
    owner = make_owner("visitor")
    question, limit = make_question(), timedelta(minutes=1)
    attempts.start(owner=owner, questions=[question], mode=Mode.EXAM, title="T", at=AT, time_limit=limit)
    assert data_of(exported(owner, at=AT + limit + settings.DEADLINE_GRACE))["attempts"][0]["status"] == "expired"


def test_tables_have_the_same_data(bank: Bank) -> None:
    owner = make_owner("user")
    fill(owner, bank)
    archive = exported(owner)
    attempts_, answers = rows_of(archive, "attempts"), rows_of(archive, "answers")
    assert [row["questions"] for row in attempts_] == ["9", "3", "2", "3", "3"]
    assert [row["percent"] for row in attempts_] == ["91.27", "", "75", "", ""]
    assert len(answers) == 20
    by_question = {row["question"]: row for row in reversed(answers)}
    first, last = bank.questions[0], bank.questions[-1]
    assert by_question[first.slug]["asked"] == first.stem
    assert by_question[first.slug]["answer"] == "Beta"
    assert by_question[last.slug]["answer"] == f"{MARK} said so."
    assert by_question[first.slug]["answered"] == "2025-03-01 12:00:01"
    assert len(rows_of(archive, "reviews")) == 14
    assert {(row["on"], row["text"]) for row in rows_of(archive, "notes")} == {
        (kind, f"{MARK}: see {kind}.") for kind in ("question", "guide", "faq")
    }
    assert {row["on"] for row in rows_of(archive, "bookmarks")} == {"question", "guide", "faq"}


def test_no_cell_is_a_formula(bank: Bank) -> None:
    owner = make_owner("visitor")
    fill(owner, bank)
    models.Note.objects.update(text="=HYPERLINK(1)")
    models.Attempt.objects.update(title="@SUM(1)")
    archive = exported(owner)
    cells = [
        cell for name in ("notes", "attempts", "answers") for row in rows_of(archive, name) for cell in row.values()
    ]
    assert "'=HYPERLINK(1)" in cells and "'@SUM(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "@", "+"))]
    assert data_of(archive)["notes"][0]["text"] == "=HYPERLINK(1)"


def test_readme_names_every_file(bank: Bank) -> None:
    archive = exported(make_owner("visitor"))
    readme = archive.read("README.txt").decode()
    assert all(name in readme for name in archive.namelist() if name != "README.txt")
    assert len(archive.namelist()) == 7


@pytest.mark.parametrize("size", [1, 4])
def test_export_has_a_fixed_number_of_queries(django_assert_num_queries, size: int) -> None:
    owner = make_owner("user")
    for _ in range(size):
        StudyPlan.objects.all().delete()
        fill(owner, make_bank())
    assert Question.objects.count() == 9 * size
    with django_assert_num_queries(16):
        exported(owner)
