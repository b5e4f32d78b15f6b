"""`manage.py prepare`: fills an empty site and never overwrites what users wrote."""

import re
from io import StringIO
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from questions.bank.models.topics import Topic

FIRST = """
- model: questions.topic
  fields: {slug: frameworks, position: 1, title: Web frameworks, summary: Which one and why.}
- model: questions.guide
  fields: {topic: [frameworks], title: Which framework, quick_answer: It depends.}
"""
SECOND = """
- model: questions.topic
  fields: {slug: caching, position: 2, title: Caching, summary: What to keep and for how long.}
"""

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def fixtures(settings, tmp_path: Path) -> Path:
    """Return a folder with two fixtures, without static files to collect."""
    folder = tmp_path / "fixtures"
    folder.mkdir()
    (folder / "a.yaml").write_text(FIRST)
    (folder / "b.yaml").write_text(SECOND)
    settings.FIXTURE_DIRS = [folder]
    settings.STATIC_ROOT = tmp_path / "static"
    settings.STATICFILES_FINDERS = []
    return folder


def prepare() -> str:
    """Run the command and return its output."""
    printed = StringIO()
    call_command("prepare", stdout=printed, stderr=printed)
    return printed.getvalue()


def test_an_empty_database_is_filled():
    prepare()
    assert list(Topic.objects.values_list("slug", flat=True)) == ["frameworks", "caching"]
    assert Topic.objects.get(slug="frameworks").guide.title == "Which framework"


def test_a_second_start_keeps_what_staff_edited_and_deleted():
    prepare()
    Topic.objects.filter(slug="frameworks").update(title="Python frameworks")
    Topic.objects.filter(slug="caching").delete()
    prepare()
    assert list(Topic.objects.values_list("title", flat=True)) == ["Python frameworks"]


def test_without_fixtures_the_site_starts_empty(fixtures):
    for path in fixtures.iterdir():
        path.unlink()
    prepare()
    assert not Topic.objects.exists()


def test_invalid_fixture_is_named_and_nothing_is_loaded(fixtures):
    (fixtures / "b.yaml").write_text(SECOND.replace("position: 2", "position: second"))
    with pytest.raises(CommandError, match=r"(?s)b\.yaml.*questions\.topic"):
        prepare()
    assert not Topic.objects.exists()


def test_staff_account_is_created_once_with_a_working_password(client):
    shown = re.search(r"name (\S+), password (\S+) ", prepare())
    assert shown
    assert client.login(username=shown[1], password=shown[2])
    assert "password" not in prepare()
    staff = get_user_model().objects.get()
    assert (staff.username, staff.is_staff, staff.is_superuser) == ("staff", True, True)


def test_every_site_has_its_own_password():
    first = prepare()
    get_user_model().objects.all().delete()
    Topic.objects.all().delete()
    assert prepare() != first


def test_no_account_is_created_if_there_are_staff(django_user_model):
    django_user_model.objects.create_user("editor", is_staff=True)
    assert "password" not in prepare()
    assert django_user_model.objects.count() == 1


def test_account_of_a_candidate_is_not_taken_over(django_user_model):
    django_user_model.objects.create_user("staff")
    assert "createsuperuser" in prepare()
    assert not django_user_model.objects.get().is_staff


class TestStaticFiles:
    """Static files are collected when they have changed, but never with DEBUG."""

    @pytest.fixture
    def sources(self, settings, tmp_path) -> Path:
        folder = tmp_path / "sources"
        folder.mkdir()
        (folder / "site.css").write_text("body {}")
        settings.STATICFILES_DIRS = [folder]
        settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
        return folder

    def test_they_are_collected_once(self, sources):
        assert "Collecting" in prepare()
        assert "Collecting" not in prepare()

    def test_a_change_collects_them_again(self, sources, settings):
        prepare()
        (sources / "site.css").write_text("body { color: black }")
        assert "Collecting" in prepare()
        assert (settings.STATIC_ROOT / "site.css").read_text() == "body { color: black }"

    def test_debug_serves_them_from_their_sources(self, sources, settings):
        settings.DEBUG = True
        prepare()
        assert not settings.STATIC_ROOT.exists()
