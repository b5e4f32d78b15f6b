"""`manage.py loaddata` and `dumpdata` with pictures: derived values, unsafe files, unknown names."""

from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.core.management import call_command
from django.core.management.base import CommandError

from questions.bank.models.pictures import KeptPicture, Picture
from questions.bank.models.questions import Question
from questions.importexport import importer, yaml_fixture
from questions.tests.content.test_raster import encoded
from questions.tests.content.test_raster import picture as raster_picture
from questions.tests.factories import PictureFactory, SectionFactory, make_question

pytestmark = pytest.mark.django_db
SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} 20"><path d="M0 0" /></svg>'
TOPIC = {"model": "questions.topic", "fields": {"slug": "t", "title": "T", "summary": "S", "position": 1}}


def picture(**fields: object) -> dict:
    return {"model": "questions.picture", "fields": {"name": "onion", "alternative_text": "A", **fields}}


def guide(text: str) -> dict:
    return {"model": "questions.guide", "fields": {"topic": ["t"], "title": "G", "quick_answer": text}}


def load(tmp_path: Path, *rows: dict) -> None:
    path = tmp_path / "file.yaml"
    path.write_text(yaml.safe_dump(list(rows)))
    call_command("loaddata", str(path), verbosity=0)


def test_kind_size_and_digest_are_derived(tmp_path: Path) -> None:
    load(tmp_path, picture(svg=SVG.format(40)), TOPIC, guide("![](picture:onion)"))
    loaded = Picture.objects.get()
    assert (loaded.kind, loaded.width, loaded.height, len(loaded.digest)) == ("svg", 40, 20, 64)


def test_loading_another_file_keeps_the_replaced_one(tmp_path: Path) -> None:
    load(tmp_path, picture(svg=SVG.format(40)))
    before = Picture.objects.get().digest
    load(tmp_path, picture(svg=SVG.format(40)))
    assert not KeptPicture.objects.exists()
    load(tmp_path, picture(svg=SVG.format(60)))
    assert KeptPicture.objects.get().digest == before
    assert Picture.objects.get().width == 60


def test_loading_it_again_changes_its_times_only_with_what_it_shows(tmp_path: Path) -> None:
    load(tmp_path, picture(svg=SVG.format(40)))
    first = Picture.objects.get()
    load(tmp_path, picture(svg=SVG.format(40)))
    again = Picture.objects.get()
    assert (again.created_at, again.changed_at) == (first.created_at, first.changed_at)
    load(tmp_path, picture(svg=SVG.format(40), caption="C"))
    changed = Picture.objects.get()
    assert changed.created_at == first.created_at
    assert changed.changed_at > first.changed_at


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([picture(svg=SVG.replace("<path", "<script/><path").format(9))], "not allowed: <script>"),
        ([picture(svg="<svg/>")], "questions.picture ['onion']: svg: This is not an SVG"),
        ([picture(raster="eHg=")], "raster: This is not a PNG"),
        ([picture()], "A picture needs a file."),
        ([picture(svg=SVG.format(9), alternative_text="")], "alternative_text: "),
        ([TOPIC, guide("![](picture:gone)")], "questions.guide ['t']: quick_answer: No picture is named “gone”."),
    ],
)
def test_an_unsafe_picture_or_an_unknown_name_is_refused(tmp_path: Path, rows: list[dict], message: str) -> None:
    with pytest.raises(CommandError) as refused:
        load(tmp_path, *rows)
    assert message in str(refused.value)
    assert not Picture.objects.exists()


def test_a_picture_may_come_after_the_text_that_shows_it(tmp_path: Path) -> None:
    load(tmp_path, TOPIC, guide("![](picture:onion)"), picture(svg=SVG.format(40)))
    assert Picture.objects.exists()


def stored() -> list[tuple]:
    return [(picture.shown(), picture.content()) for picture in Picture.objects.all()]


def test_dumped_pictures_load_again(tmp_path: Path) -> None:
    PictureFactory(name="drawing")
    PictureFactory(name="photo", svg="", raster=encoded(raster_picture(), "PNG"))
    before = stored()
    dumped = StringIO()
    call_command("dumpdata", "questions.picture", "questions.keptpicture", format="json", stdout=dumped)
    Picture.objects.all().delete()
    path = tmp_path / "dump.json"
    path.write_text(dumped.getvalue())
    call_command("loaddata", str(path), verbosity=0)
    assert stored() == before


def test_exported_questions_load_with_their_pictures(tmp_path: Path) -> None:
    PictureFactory(name="drawing", caption="C", is_line_art=True)
    PictureFactory(name="photo", svg="", raster=encoded(raster_picture(), "PNG"))
    question = make_question(status="draft", stem="![](picture:drawing)", explanation="![](picture:photo)")
    make_question(status="draft", topic=question.topic, stem="![](picture:drawing)")
    records = importer.records(Question.objects.with_content().select_related("topic").order_by("pk"))
    exported = yaml_fixture.write(records).content
    assert exported.decode().count("model: questions.picture") == 2
    Question.objects.all().delete()
    Picture.objects.all().delete()
    path = tmp_path / "export.yaml"
    path.write_bytes(exported)
    call_command("loaddata", str(path), verbosity=0)
    loaded = importer.records(Question.objects.with_content().select_related("topic").order_by("pk"))
    assert loaded == records
    SectionFactory(body="![](picture:drawing)")
