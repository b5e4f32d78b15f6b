"""The admin of pictures: upload, preview, where they are used, permissions; texts with unknown names are refused."""

from io import BytesIO

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from PIL import Image

from questions.bank.models.pictures import KeptPicture, Picture
from questions.content import raster
from questions.tests.admin.steps import page_of, save
from questions.tests.factories import PictureFactory, QuizFactory, SectionFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db
LIST = reverse("admin:questions_picture_changelist")
ADD = reverse("admin:questions_picture_add")
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="30" height="10"><g>{}</g></svg>'


def fields(content: bytes | None, file_name: str = "file.svg", **changes: str) -> dict:
    data = {"name": "onion", "alternative_text": "Rings", "caption": ""} | changes
    return data | ({"file": SimpleUploadedFile(file_name, content)} if content is not None else {})


def png() -> bytes:
    stored = BytesIO()
    Image.new("RGB", (30, 10)).save(stored, "PNG")
    return stored.getvalue()


def errors(response) -> str:
    return " ".join(error for field in response.context["adminform"].form.errors.values() for error in field)


def test_an_uploaded_drawing_is_sanitized_and_staff_learn_what_was_removed(staff: Client) -> None:
    response = staff.post(
        ADD, fields(SVG.format('<script>alert(1)</script><rect onclick="a()" />').encode()), follow=True
    )
    assert "Removed from the SVG because it is not allowed: &lt;script&gt;, onclick." in response.content.decode()
    picture = Picture.objects.get()
    assert "script" not in picture.svg
    assert (picture.kind, picture.width, picture.height) == ("svg", 30, 10)


def test_an_uploaded_photograph_is_re_encoded(staff: Client) -> None:
    staff.post(ADD, fields(png() + b"<script>", "photo.png"))
    picture = Picture.objects.get()
    assert (picture.kind, picture.width, picture.height) == ("png", 30, 10)
    assert b"script" not in picture.content()


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (fields(None), "This field is required."),
        (fields(b"%PDF-1.7"), "This is not a PNG, JPEG, WebP or GIF file"),
        (fields(b"<svg>"), "This is not an SVG"),
        (fields(SVG.encode("utf-16")), "not a PNG"),
        (fields(b"<svg \xff>"), "not UTF-8"),
        (fields(b"x" * (raster.MAX_BYTES + 1)), "larger than 5 MB"),
        (fields(SVG.encode(), alternative_text=" "), "This field is required."),
        (fields(SVG.encode(), name="Ünion"), "valid “slug”"),
    ],
)
def test_an_unusable_upload_is_refused_with_the_reason(staff: Client, data: dict, message: str) -> None:
    response = staff.post(ADD, data)
    assert message in errors(response)
    assert not Picture.objects.exists()


def test_a_name_is_unique_and_stays(staff: Client) -> None:
    picture = PictureFactory(name="onion")
    assert "already exists" in errors(staff.post(ADD, fields(SVG.encode())))
    staff.post(page_of(picture), fields(None, name="garlic", caption="New"))
    picture.refresh_from_db()
    assert (picture.name, picture.caption) == ("onion", "New")


def test_a_new_file_replaces_the_old_one_which_is_kept(staff: Client) -> None:
    picture = PictureFactory(name="onion")
    staff.post(page_of(picture), fields(png(), "photo.png"))
    picture.refresh_from_db()
    assert (picture.kind, picture.svg) == ("png", "")
    assert KeptPicture.objects.get().kind == "svg"


def test_the_page_shows_the_picture_and_where_it_is_used(staff: Client) -> None:
    picture = PictureFactory(name="onion")
    question = make_question()
    question.choices.update(feedback="![](picture:onion)")
    page = staff.get(page_of(picture)).content.decode()
    assert picture.shown().url in page
    assert "![](picture:onion)" in page
    assert page_of(question) in page


def test_a_picture_in_use_cannot_be_deleted(staff: Client) -> None:
    used, unused = PictureFactory(name="used"), PictureFactory(name="unused")
    SectionFactory(title="How it wraps", body="![](picture:used)")
    page = reverse("admin:questions_picture_delete", args=[used.pk])
    assert "How it wraps" in staff.get(page).content.decode()
    staff.post(page, {"post": "yes"})
    staff.post(LIST, {"action": "delete_selected", "_selected_action": [used.pk, unused.pk], "post": "yes"})
    assert Picture.objects.count() == 2
    staff.post(LIST, {"action": "delete_selected", "_selected_action": [unused.pk], "post": "yes"})
    assert Picture.objects.get() == used


@pytest.mark.parametrize(("group", "may_change"), [("Author", False), ("Reviewer", False), ("Editor", True)])
def test_editors_change_pictures_and_others_see_them(client: Client, group: str, may_change: bool) -> None:
    user = UserFactory(is_staff=True)
    user.groups.set([Group.objects.get(name=group)])
    client.force_login(user)
    picture = PictureFactory()
    assert client.get(page_of(picture)).status_code == 200
    assert client.get(ADD).status_code == (200 if may_change else 403)
    assert client.post(page_of(picture), fields(None)).status_code == (302 if may_change else 403)


def test_a_text_with_an_unknown_name_is_refused(staff: Client) -> None:
    question, quiz, section = make_question(status="draft"), QuizFactory(), SectionFactory()
    PictureFactory(name="known")
    for row, field in ((question, "stem"), (quiz, "description"), (section, "body"), (section.guide, "quick_answer")):
        refused = save(staff, row, {field: "![](picture:unknown)"})
        assert "No picture is named “unknown”." in errors(refused)
        assert save(staff, row, {field: "![](picture:known)"}).status_code == 302


def test_the_live_preview_shows_pictures(staff: Client) -> None:
    picture = PictureFactory(name="onion")
    rendered = staff.post(reverse("admin:questions_question_rendered"), {"text": "![](picture:onion)"}).json()["html"]
    assert picture.shown().url in rendered
