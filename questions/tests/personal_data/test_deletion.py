"""Deletion of an owner: nothing is left in any column or in the database file."""

import json
import random
import uuid
from collections.abc import Callable
from pathlib import Path

import pytest
from allauth.account.models import EmailAddress, EmailConfirmation
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group, User
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.db import OperationalError, connection
from django.test import Client

from questions.accounts.owners import Owner
from questions.accounts.visitors import SESSION_KEY
from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.attempts.regrade_models import Regrade
from questions.bank.models.editorial import ImportFile, ReviewNote
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.enums import Mode
from questions.personal_data import deletion
from questions.problem_reports.models import Outcome, QuestionReport
from questions.scheduling.plan_models import StudyPlan
from questions.tests.factories import UserFactory, make_question
from questions.tests.personal_data.test_exporter import exported
from questions.tests.personal_data_factories import AT, MARK, Bank, fill, make_bank

pytestmark = pytest.mark.django_db
NUMBER = 987_654_321  # an id that occurs nowhere else
ON_SQLITE = pytest.mark.skipif("connection.vendor != 'sqlite'", reason="asks what SQLite leaves in its file")


def database_dump() -> str:
    """Return all values of all tables, and the decoded sessions, as text."""
    found = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            for row in cursor.fetchall():
                found += [value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in row]
    found += [json.dumps(session.get_decoded()) for session in Session.objects.all()]
    return "\n".join(found)


def left_of(needles: list[str]) -> list[str]:
    """Return the needles that are still in the database."""
    hay = database_dump()
    return [needle for needle in needles if needle in hay]


def member_with_everything(bank: Bank) -> Owner:
    """Return a staff user who occurs in every kind of row that can refer to a user."""
    user = UserFactory(pk=NUMBER, username=f"{MARK}-name", email=f"{MARK}@example.org", is_staff=True, first_name=MARK)
    user.groups.add(Group.objects.create(name="Somebody"))
    address = EmailAddress.objects.create(user=user, email=f"{MARK}@example.net")
    EmailConfirmation.create(address)
    for _ in range(2):
        Client().force_login(user)
    owner = Owner(user_id=user.pk)
    fill(owner, bank, staff=user)
    question = bank.questions[1]
    Question.objects.filter(pk=question.pk).update(author=user)
    QuestionRevision.objects.update(made_by=user)
    ReviewNote.objects.create(question=question, text="Better so.", written_by=user, written_at=AT)
    ImportFile.objects.create(
        name=f"{MARK}.gift", format="gift", content=MARK.encode(), uploaded_by=user, uploaded_at=AT
    )
    staff = UserFactory(is_staff=True)
    for by, about in ((staff, user), (staff, address), (user, question)):
        kind = ContentType.objects.get_for_model(type(about))
        LogEntry.objects.create(
            user=by, content_type=kind, object_id=about.pk, object_repr=str(about), action_flag=CHANGE
        )
    return owner


def visitor_with_everything(bank: Bank) -> Owner:
    owner = Owner(visitor=uuid.uuid4())
    fill(owner, bank)
    return owner


def needles_of(owner: Owner) -> list[str]:
    """Return the texts that identify the owner."""
    ids = [str(NUMBER)] if owner.user_id else [str(owner.visitor), owner.visitor.hex]
    attempts = Attempt.objects.owned_by(owner).values_list("public_id", flat=True)
    calendars = StudyPlan.objects.owned_by(owner).values_list("calendar_id", flat=True)
    ids += [text for one in calendars for text in (str(one), one.hex)]
    return [MARK, *ids, *(str(one) for one in attempts), *(one.hex for one in attempts)]


OWNERS = pytest.mark.parametrize("make", [member_with_everything, visitor_with_everything], ids=["member", "visitor"])


class TestDelete:
    @OWNERS
    def test_no_column_of_any_table_identifies_the_owner(self, make: Callable[[Bank], Owner]) -> None:
        owner = make(make_bank())
        needles = needles_of(owner)
        assert {MARK, needles[1] if connection.vendor == "postgresql" else needles[-1]} <= set(left_of(needles))
        deletion.delete(owner=owner)
        assert left_of(needles) == []

    @OWNERS
    def test_data_of_others_stays(self, make: Callable[[Bank], Owner]) -> None:
        bank = make_bank()
        others = [Owner(user_id=UserFactory().pk), Owner(visitor=uuid.uuid4())]
        for other in others:
            fill(other, bank)
        Client().force_login(User.objects.get(pk=others[0].user_id))
        before = [exported(other).read("data.json") for other in others]
        deletion.delete(owner=make(bank))
        assert [exported(other).read("data.json") for other in others] == before
        assert Session.objects.count() == 1

    @OWNERS
    def test_problem_reports_stay_without_text_and_owner(self, make: Callable[[Bank], Owner]) -> None:
        bank = make_bank()
        deletion.delete(owner=make(bank))
        assert list(QuestionReport.objects.values_list("outcome", "reply", "text", "response")) == [
            (Outcome.UNCHANGED, "It is meant so.", "", None),
            (Outcome.OPEN, "", "", None),
        ]

    def test_staff_work_stays_without_a_name(self) -> None:
        bank = make_bank()
        deletion.delete(owner=member_with_everything(bank))
        assert ReviewNote.objects.get().written_by is None
        assert Regrade.objects.get().done_by is None
        assert Question.objects.get(pk=bank.questions[1].pk).author is None
        assert not QuestionRevision.objects.exclude(made_by=None).exists()

    def test_revisions_stay(self) -> None:
        bank = make_bank()
        deletion.delete(owner=visitor_with_everything(bank))
        assert QuestionRevision.objects.count() == 10
        assert not Response.objects.exists()


class TestOwnedRows:
    @OWNERS
    def test_every_kind_of_row_is_counted(self, make: Callable[[Bank], Owner]) -> None:
        assert deletion.owned_rows(owner=make(make_bank())) == {
            "attempts": 5,
            "answers": 20,
            "drafts": 2,
            "plans": 1,
            "reviews": 14,
            "cards": 9,
            "notes": 3,
            "bookmarks": 3,
            "reports": 2,
        }


class TestLastSuperuser:
    def test_last_superuser_cannot_be_deleted(self) -> None:
        last = UserFactory(is_superuser=True)
        UserFactory(is_superuser=True, is_active=False)
        with pytest.raises(deletion.LastSuperuser):
            deletion.delete(owner=Owner(user_id=last.pk))
        assert User.objects.filter(pk=last.pk).exists()

    def test_one_of_two_superusers_can_be_deleted(self) -> None:
        first, _second, other = UserFactory(is_superuser=True), UserFactory(is_superuser=True), UserFactory()
        for user in (first, other):
            deletion.delete(owner=Owner(user_id=user.pk))
        assert User.objects.count() == 1


@ON_SQLITE
@pytest.mark.django_db(transaction=True)
class TestFile:
    def content(self) -> bytes:
        """Return the content of the database file and of its WAL files."""
        path = Path(connection.settings_dict["NAME"])
        return b"".join(part.read_bytes() for part in path.parent.glob(f"{path.name}*"))

    def scatter(self, user: User) -> None:
        """Grow the answers of many owners in turn, so that SQLite splits pages and leaves copies behind."""
        draw = random.Random(1)
        questions = [make_question("open") for _ in range(12)]
        people = [UserFactory() for _ in range(5)] + [user]
        for _round in range(20):
            for person in people:
                name = MARK if person == user else "Somebody"
                owner = Owner(user_id=person.pk)
                attempt = attempts.start(owner=owner, questions=questions, mode=Mode.PRACTICE, title="T", at=AT)
                for place in attempt.responses.all():
                    for _turn in range(2):
                        place.answer, place.answered_at = {"text": f"{name} said so. " * draw.randint(1, 60)}, AT
                        place.save()

    def test_nothing_is_left_in_the_sqlite_file(self) -> None:
        owner = member_with_everything(make_bank())
        self.scatter(User.objects.get(pk=NUMBER))
        needles = [needle.encode() for needle in needles_of(owner) if needle != str(NUMBER)]
        assert MARK.encode() in self.content()
        deletion.delete(owner=owner)
        assert [needle for needle in needles if needle in self.content()] == []

    def test_locked_sqlite_file_does_not_prevent_the_deletion(self, monkeypatch, caplog) -> None:
        class Held:
            vendor = "sqlite"

            def cursor(self) -> None:
                raise OperationalError("database is locked")

        monkeypatch.setattr(deletion, "connection", Held())
        deletion.delete(owner=visitor_with_everything(make_bank()))
        assert not Attempt.objects.exists()
        assert "Could not vacuum the database after a deletion: database is locked" in caplog.text


@ON_SQLITE
def test_deleted_rows_are_overwritten() -> None:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA secure_delete")
        assert cursor.fetchone() == (1,)


def test_flushed_session_has_no_visitor_id(client) -> None:
    visitor = str(uuid.uuid4())
    session = client.session
    session[SESSION_KEY] = visitor
    session.save()
    assert visitor in database_dump()
    session.flush()
    assert visitor not in database_dump()
