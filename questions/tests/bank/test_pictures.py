"""Pictures in the database: derived values, what was asked keeps them, where they are used; the guides' diagrams."""

import re
from io import BytesIO
from pathlib import Path

import pytest
import yaml
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from PIL import Image

from questions.bank import authoring, freezing, pictures
from questions.bank.models.pictures import KeptPicture, Picture
from questions.bank.models.questions import Question
from questions.content import svg
from questions.content.diff import differences
from questions.content.markdown import names_in
from questions.tests.factories import (
    ChoiceFactory,
    ComparisonRowFactory,
    PictureFactory,
    QuizFactory,
    SectionFactory,
    make_question,
)

OTHER = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 60"><circle r="5" /></svg>'


def freeze(question: Question):
    return freezing.freeze(questions=[question], at=timezone.now())[question.pk]


@pytest.mark.django_db
class TestPicture:
    def test_kind_and_size_are_those_of_the_file(self) -> None:
        drawing = PictureFactory()
        assert (drawing.kind, drawing.width, drawing.height) == ("svg", 40, 20)
        stored = BytesIO()
        Image.new("RGB", (30, 10)).save(stored, "PNG")
        photo = PictureFactory(svg="", raster=stored.getvalue())
        photo.refresh_from_db()
        assert (photo.kind, photo.width, photo.height, photo.content()) == ("png", 30, 10, stored.getvalue())

    @pytest.mark.parametrize("content", [{"svg": ""}, {"svg": OTHER.replace("r=", "onclick=")}, {"svg": "<p/>"}])
    def test_an_unsafe_or_missing_file_cannot_be_saved(self, content: dict) -> None:
        with pytest.raises(ValidationError):
            PictureFactory(**content)

    def test_an_alternative_text_is_required(self) -> None:
        with pytest.raises(IntegrityError), transaction.atomic():
            PictureFactory(alternative_text="")

    @pytest.mark.parametrize("end", ["replace", "delete", "delete the queryset"])
    def test_the_content_that_was_shown_is_kept(self, end: str) -> None:
        picture = PictureFactory()
        shown = picture.shown()
        if end == "replace":
            picture.svg = OTHER
            picture.save()
            assert picture.shown().digest != shown.digest
        elif end == "delete":
            picture.delete()
        else:
            Picture.objects.all().delete()
        assert (
            pictures.content(shown.digest, "svg")
            == PictureFactory.build()
            .svg.replace('viewBox="0 0 40 20"', 'viewBox="0 0 40 20" width="40" height="20"')
            .encode()
        )

    def test_saving_without_a_change_keeps_nothing(self) -> None:
        PictureFactory().save()
        assert not KeptPicture.objects.exists()


@pytest.mark.django_db
class TestFreezing:
    def test_a_revision_goes_on_showing_what_was_asked(self) -> None:
        picture = PictureFactory(name="onion", caption="Before")
        question = make_question(stem="![](picture:onion)")
        old = freeze(question)
        picture.svg, picture.caption = OTHER, "After"
        picture.save()
        new = freeze(question)
        assert (old.number, new.number) == (1, 2)
        assert [one.caption for one in old.item().pictures] == ["Before"]
        assert [one.width for one in new.item().pictures] == [80]
        (difference,) = differences(old.item(), new.item())
        assert difference.label == "Picture 1"

    def test_a_picture_of_each_part_belongs_to_the_content(self) -> None:
        for name in ("stem", "feedback", "unused"):
            PictureFactory(name=name)
        question = make_question(stem="![](picture:stem)")
        ChoiceFactory(question=question, position=9, text="x", feedback="![](picture:feedback)")
        assert [one.name for one in question.item().pictures] == ["feedback", "stem"]

    def test_a_question_that_names_an_unknown_picture_cannot_be_published(self) -> None:
        question = make_question(explanation="![](picture:gone)")
        (problem,) = authoring.publishing_problems(question.item())
        assert problem.field == "explanation"
        assert "“gone”" in problem.message

    @pytest.mark.parametrize("size", [1, 5])
    def test_pictures_cost_one_query_for_all_questions(self, django_assert_num_queries, size: int) -> None:
        for _ in range(size):
            make_question(stem=f"![](picture:{PictureFactory().name})")
        with django_assert_num_queries(6):
            items = [question.item() for question in Question.objects.with_content()]
        assert all(len(item.pictures) == 1 for item in items)

    def test_no_pictures_cost_no_query(self, django_assert_num_queries) -> None:
        make_question()
        with django_assert_num_queries(5):
            assert [question.item().pictures for question in Question.objects.with_content()] == [()]


@pytest.mark.django_db
def test_uses_are_found_in_every_kind_of_text() -> None:
    picture = PictureFactory(name="a")
    text = "![](picture:a)"
    rows = [
        SectionFactory(body=text),
        ComparisonRowFactory(cells=["x", text]),
        make_question(model_answer=text),
        ChoiceFactory(question=make_question("open"), position=1, feedback=text),
        QuizFactory(description=text),
    ]
    SectionFactory(body="![](picture:ab) `![](picture:a)`")
    assert {(type(row), row.pk) for row in pictures.uses(picture)} == {(type(row), row.pk) for row in rows}


def test_every_markdown_field_is_listed() -> None:
    """Fields whose help text says Markdown are those in which pictures are looked for."""
    from django.apps import apps

    listed = {(model, field) for model, fields in pictures.MARKDOWN_FIELDS.items() for field in fields}
    said = {
        (model._meta.model_name, field.name)
        for model in apps.get_app_config("questions").get_models()
        for field in model._meta.fields
        if "Markdown" in str(field.help_text)
    }
    assert said - {("comparisonrow", "feature")} <= listed


FIXTURES = {
    path: yaml.load(path.read_text(), yaml.CSafeLoader) for path in (settings.BASE_DIR / "fixtures").glob("*.yaml")
}
DIAGRAMS = {
    row["fields"]["name"]: row["fields"]
    for rows in FIXTURES.values()
    for row in rows
    if row["model"] == "questions.picture"
}
TOPICS = [path for path in FIXTURES if path.name[:2] not in ("00", "90")]


@pytest.mark.parametrize("name", DIAGRAMS)
def test_a_diagram_is_readable_on_a_phone_and_says_itself_in_words(name: str) -> None:
    fields = DIAGRAMS[name]
    clean = svg.sanitize(fields["svg"])
    assert clean.source == fields["svg"]
    assert clean.removed == ()
    (width,) = map(float, re.findall(r'viewBox="0 0 ([\d.]+)', clean.source)[:1])
    sizes = [float(size) for size in re.findall(r'font-size="([\d.]+)"', clean.source)]
    assert min(sizes) * 288 / width >= 11  # pixels where the window is 320 pixels wide
    assert fields["is_line_art"]
    assert len(fields["alternative_text"]) > 200


@pytest.mark.parametrize("path", TOPICS, ids=lambda path: path.stem)
def test_each_guide_has_two_diagrams(path: Path) -> None:
    shown = names_in(row["fields"]["body"] for row in FIXTURES[path] if row["model"] == "questions.section")
    assert len(shown) >= 2
    assert shown <= DIAGRAMS.keys()
