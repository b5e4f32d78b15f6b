"""Exports and imports of questions with pictures: what each format stores, and names that no picture has."""

import zipfile
from io import BytesIO

import pytest

from questions.bank.models.pictures import Picture
from questions.bank.models.questions import Question
from questions.importexport import anki, formats, importer, yaml_fixture
from questions.importexport.base import ParsedFile
from questions.tests.factories import PictureFactory, make_question

pytestmark = pytest.mark.django_db


def question_with_picture(type_name: str = "single_choice") -> Question:
    PictureFactory(name="onion")
    return make_question(type_name, stem="![](picture:onion)", explanation="![](picture:onion)")


def records():
    return importer.records(Question.objects.with_content().select_related("topic"))


@pytest.mark.parametrize("name", sorted(set(formats.FORMATS) - {"yaml", "anki"}))
def test_a_format_without_pictures_says_so_and_keeps_their_names(name: str) -> None:
    question_with_picture()
    exported = formats.FORMATS[name].write(records())
    assert any("only the names of its pictures: onion" in loss.text for loss in exported.losses)


def test_yaml_stores_pictures() -> None:
    question_with_picture()
    exported = yaml_fixture.write(records())
    assert exported.losses == []
    assert "model: questions.picture" in exported.content.decode()


def test_an_anki_deck_holds_the_files() -> None:
    question_with_picture()
    deck = anki.write(records())
    assert deck.losses == []
    with zipfile.ZipFile(BytesIO(deck.content)) as package:
        assert "onion.svg" in package.read("media").decode()
        assert package.read("0").decode() == Picture.objects.get().svg
        collection = package.read("collection.anki2")
    assert b'src="onion.svg"' in collection
    assert b"/pictures/" not in collection


def test_reading_a_question_back_changes_nothing() -> None:
    question_with_picture()
    parsed = yaml_fixture.read(yaml_fixture.write(records()).content)
    assert len(importer.plan(parsed=parsed, topic=None).unchanged) == 1


@pytest.mark.parametrize("status", ["draft", "published"])
def test_a_question_that_shows_an_unknown_picture_is_refused(status: str) -> None:
    question = question_with_picture()
    question.status = status
    question.save()
    parsed = yaml_fixture.read(yaml_fixture.write(records()).content.replace(b"picture:onion", b"picture:garlic"))
    (refused,) = importer.plan(parsed=parsed, topic=None).refused
    assert "No picture is named “garlic”." in refused.text


def test_pictures_of_a_file_are_found_in_one_query(django_assert_max_num_queries) -> None:
    for _ in range(4):
        make_question(stem=f"![](picture:{PictureFactory().name})")
    parsed = ParsedFile(records=records())
    counts = []
    for size in (1, 4):
        with django_assert_max_num_queries(20) as counted:
            importer.plan(parsed=ParsedFile(records=parsed.records[:size]), topic=None)
        counts.append(len(counted))
    assert counts[0] == counts[1]
