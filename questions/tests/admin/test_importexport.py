"""Import with a preview, and export with reported losses, in the admin and by management commands."""

import io
from pathlib import Path

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.bank.models.editorial import ImportFile
from questions.bank.models.questions import Question
from questions.enums import Status
from questions.importexport.base import MAX_BYTES
from questions.importexport.formats import FORMATS
from questions.tests.factories import TopicFactory, UserFactory, make_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]
UPLOAD = reverse("admin:questions_question_import")
LIST = reverse("admin:questions_question_changelist")
GIFT = """\
// [id:sun]
::Sun:: Where does it rise? {=East ~West ~North}

::Broken:: Which? {=one =two ~three}

::Moon:: Is it a star? {F}
"""


def upload(client: Client, text: str | bytes = GIFT, name: str = "bank.gift", **more):
    data = text if isinstance(text, bytes) else text.encode()
    return client.post(UPLOAD, {"file": SimpleUploadedFile(name, data), **more})


def messages_of(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


@pytest.fixture
def topic():
    return TopicFactory(slug="sky")


class TestImport:
    def test_invalid_question_is_listed_with_its_line_and_the_others_are_imported(self, staff: Client, topic) -> None:
        preview_url = upload(staff, topic=topic.pk).url
        page = staff.get(preview_url).content.decode()
        assert "1 question is refused" in page
        assert "bank.gift:4" in page
        assert "2 would be created" in page
        assert not Question.objects.exists()
        done = staff.post(preview_url)
        assert "2 questions were created. 1 question was refused." in messages_of(done)
        assert done.url == f"{LIST}?status__exact=draft"
        assert set(Question.objects.values_list("slug", "status")) == {("sun", "draft"), ("moon", "draft")}
        assert not ImportFile.objects.exists()

    def test_all_or_nothing(self, staff: Client, topic) -> None:
        preview_url = upload(staff, topic=topic.pk, whole="on").url
        assert "Nothing will be imported" in staff.get(preview_url).content.decode()
        staff.post(preview_url)
        assert not Question.objects.exists()

    def test_existing_questions_are_unchanged_or_changed(self, staff: Client, topic) -> None:
        staff.post(upload(staff, topic=topic.pk).url)
        preview_url = upload(staff, GIFT.replace("East", "In the east"), topic=topic.pk).url
        page = staff.get(preview_url).content.decode()
        assert "1 would be changed" in page
        assert "1 unchanged" in page
        staff.post(preview_url)
        assert "In the east" in Question.objects.get(slug="sun").choices.values_list("text", flat=True)

    @pytest.mark.parametrize(
        ("data", "name", "message"),
        [
            ("für".encode("latin-1"), "a.gift", "Line 1 is not UTF-8"),
            (b"", "a.csv", "The submitted file is empty"),
            (b"x", "a.doc", "Unknown file format"),
            (b"x", "a.xlsx", "not an Excel file"),
            (b"<quiz>", "a.xml", "not well-formed"),
            (b"a" * (MAX_BYTES + 1), "a.gift", "larger than 10 MB"),
        ],
    )
    def test_unreadable_file_has_an_error_at_the_file_field(
        self, staff: Client, data: bytes, name: str, message: str
    ) -> None:
        assert message in upload(staff, data, name).content.decode()
        assert not ImportFile.objects.exists()

    def test_markup_in_a_file_is_escaped(self, staff: Client, topic) -> None:
        evil = "<script>alert(1)</script>"
        text = f"::{evil}:: [markdown]{evil} {{=[markdown]{evil} ~b}}\n\n::x{evil}:: {{=a =b ~{evil}}}\n"
        page = staff.get(upload(staff, text, topic=topic.pk).url).content.decode()
        assert evil not in page
        staff.post(upload(staff, text, topic=topic.pk).url)
        question = Question.objects.get()
        assert evil in question.stem
        assert evil not in staff.get(question.get_absolute_url()).content.decode()

    def test_upload_is_visible_to_its_owner_only(self, staff: Client, topic, client: Client) -> None:
        preview_url = upload(staff, topic=topic.pk).url
        client.force_login(UserFactory(is_staff=True, is_superuser=True))
        assert client.get(preview_url).status_code == 404

    def test_authors_import_and_readers_do_not(self, client: Client) -> None:
        user = UserFactory(is_staff=True)
        client.force_login(user)
        assert client.get(UPLOAD).status_code == 403
        user.groups.set([Group.objects.get(name="Author")])
        assert client.get(UPLOAD).status_code == 200

    def test_old_uploads_are_deleted(self, staff: Client, topic) -> None:
        upload(staff, topic=topic.pk)
        ImportFile.objects.update(uploaded_at=timezone.now() - timezone.timedelta(days=2), name="old")
        upload(staff, topic=topic.pk)
        assert [file.name for file in ImportFile.objects.all()] == ["bank.gift"]


def export(client: Client, name: str, *questions: Question, **more: str):
    chosen = {"action": "export", "_selected_action": [question.pk for question in questions], "confirmed": "yes"}
    return client.post(LIST, chosen | {"format": name} | more)


class TestExport:
    @pytest.mark.parametrize("name", FORMATS)
    def test_selected_questions_are_downloaded(self, staff: Client, name: str) -> None:
        question = make_question("single_choice")
        make_question("single_choice", slug="not-this")
        response = export(staff, name, question, accepted="yes")
        assert response["Content-Disposition"] == f'attachment; filename="questions{FORMATS[name].suffix}"'
        assert b"not-this" not in response.content
        if name != "anki":
            (record,) = FORMATS[name].read(response.content).records
            assert record.item.stem.startswith(question.stem)

    def test_losses_are_listed_before_the_download(self, staff: Client) -> None:
        question = make_question("ordering", slug="in-order")
        page = export(staff, "gift", question).content.decode()
        assert "1 question cannot be exported to GIFT" in page
        assert "in-order" in page
        assert 'name="accepted" value="yes"' in page
        assert export(staff, "gift", question, accepted="yes")["Content-Disposition"]

    def test_format_is_required(self, staff: Client) -> None:
        assert "Select a valid choice" in export(staff, "doc", make_question()).content.decode()

    def test_readers_may_export(self, client: Client) -> None:
        user = UserFactory(is_staff=True)
        user.groups.set([Group.objects.get(name="Author")])
        client.force_login(user)
        assert export(client, "yaml", make_question())["Content-Disposition"]


class TestCommands:
    def test_import_reports_every_question(self, topic, tmp_path: Path) -> None:
        path = tmp_path / "bank.gift"
        path.write_text(GIFT)
        out, err = io.StringIO(), io.StringIO()
        with pytest.raises(CommandError) as failed:
            call_command("import_items", path, topic="sky", stdout=out, stderr=err)
        assert failed.value.returncode == 1
        assert f"{path}:2: created: sky/sun" in out.getvalue()
        assert f"{path}:4: refused: Broken" in err.getvalue()
        assert "2 created, 0 changed, 0 unchanged, 1 refused." in out.getvalue()
        assert Question.objects.count() == 2

    @pytest.mark.parametrize("option", ["dry_run", "all_or_nothing"])
    def test_nothing_is_written(self, topic, tmp_path: Path, option: str) -> None:
        (tmp_path / "bank.gift").write_text(GIFT)
        with pytest.raises(CommandError):
            call_command(
                "import_items",
                tmp_path / "bank.gift",
                topic="sky",
                stdout=io.StringIO(),
                stderr=io.StringIO(),
                **{option: True},
            )
        assert not Question.objects.exists()

    @pytest.mark.parametrize(
        ("name", "content", "options", "message"),
        [
            ("missing.gift", None, {}, "No such file"),
            ("a.doc", b"x", {}, "Unknown file format"),
            ("a.gift", "für".encode("latin-1"), {}, "Line 1 is not UTF-8"),
            ("a.gift", b"x", {"topic": "sea"}, "Unknown topic “sea”. Use one of: sky"),
        ],
    )
    def test_error_names_the_problem(self, topic, tmp_path: Path, name, content, options, message) -> None:
        if content is not None:
            (tmp_path / name).write_bytes(content)
        with pytest.raises(CommandError, match=message):
            call_command("import_items", tmp_path / name, **options)

    def test_exported_file_can_be_imported(self, tmp_path: Path) -> None:
        first, _draft = make_question("matching"), make_question(status=Status.DRAFT)
        path = tmp_path / "out.csv"
        out = io.StringIO()
        call_command("export_items", "csv", path, status="published", stdout=out)
        assert "1 questions written" in out.getvalue()
        item, topic = first.item(), first.topic
        Question.objects.all().delete()
        call_command("import_items", path, stdout=io.StringIO())
        assert Question.objects.with_content().get(topic=topic).item() == item

    def test_empty_export_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="No questions match"):
            call_command("export_items", "csv", tmp_path / "out.csv", topic=["nowhere"])
