"""The interface in other languages: no text lacks a translation, and pages use it."""

import re
from collections import Counter
from collections.abc import Iterator
from datetime import date
from html.parser import HTMLParser

import pytest
import texts
from django.conf import settings
from django.test import Client
from django.utils.formats import date_format
from django.utils.translation import deactivate, override

from questions.tests.factories import UserFactory

LANGUAGE = pytest.mark.parametrize("language", [code for code, _name in settings.LANGUAGES if code != "en"])
PLACEHOLDER = re.compile(r"%(?:\([a-z_0-9]+\))?[sdi]|\{[a-z_0-9]*\}")


class Tags(HTMLParser):
    """The HTML tags of a text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: Counter[str] = Counter()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found[f"{tag} {sorted(name for name, _value in attrs)}"] += 1


def forms(text: object) -> list[str]:
    return [text] if isinstance(text, str) else list(text)  # type: ignore[call-overload]


@LANGUAGE
def test_every_text_is_translated(language: str) -> None:
    catalog = texts.read(language)
    found = {(message.context, message.id): message for message in catalog if message.id}
    used = {(context, text) for _name, _line, text, context in texts.located_texts()}
    assert used == set(found), "run `make messages`"
    assert not [message.id for message in found.values() if not texts.is_translated(message)]


@LANGUAGE
def test_compiled_translations_are_current(language: str) -> None:
    compiled = texts.catalogue_path(language).with_suffix(".mo").read_bytes()
    assert compiled == texts.as_mo(texts.read(language)), "run `make messages`"


@LANGUAGE
def test_translations_keep_placeholders_tags_and_spaces(language: str) -> None:
    catalog = texts.read(language)
    formatted = [message for message in catalog if PLACEHOLDER.search(str(message.id))]  # “5 % of” is no format
    assert not [(message.id, errors) for message in formatted if (errors := [*map(str, message.check(catalog))])]
    for message in catalog:
        if not message.id:
            continue
        plural = forms(message.id)[-1]
        for translation in forms(message.string)[-1:]:
            assert Counter(PLACEHOLDER.findall(translation)) == Counter(PLACEHOLDER.findall(plural)), plural
            assert Tags(translation).found == Tags(plural).found, plural
            spaces = [re.match(r"\s*", text).group() for text in (translation, plural)]  # type: ignore[union-attr]
            assert spaces[0] == spaces[1], plural
            assert translation[-1:].isspace() == plural[-1:].isspace(), plural


def test_texts_of_templates_and_modules_are_found() -> None:
    found = {(name, text) for name, _line, text, _context in texts.located_texts()}
    assert ("templates/base.html", "Skip to content") in found
    assert ("questions/views/preferences.py", "Your preferences are saved in this browser.") in found


@pytest.mark.django_db
class TestLanguageOfPages:
    @pytest.fixture(autouse=True)
    def leave_no_language_behind(self) -> Iterator[None]:
        yield
        deactivate()

    def test_browser_decides_until_the_visitor_does(self, client: Client) -> None:
        german = {"Accept-Language": "de-AT,de;q=0.9,en;q=0.5"}
        page = client.get("/topics/", headers=german)
        assert '<html lang="de"' in page.content.decode()
        assert "Accept-Language" in page.headers["Vary"]
        assert '<html lang="en"' in client.get("/topics/", headers={"Accept-Language": "fr"}).content.decode()
        response = client.post("/preferences/", {"language": "en", "next": "/topics/"}, headers=german)
        assert response.url == "/topics/"
        assert '<html lang="en"' in client.get("/topics/", headers=german).content.decode()
        client.post("/preferences/", {"language": ""})
        client.cookies.pop("language")  # as a browser does
        assert '<html lang="de"' in client.get("/topics/", headers=german).content.decode()

    def test_switch_answers_in_the_new_language(self, client: Client) -> None:
        page = client.post("/preferences/", {"language": "de"}, follow=True).content.decode()
        assert '<html lang="de"' in page
        assert "Your preferences are saved in this browser." not in page

    def test_unknown_language_is_refused(self, client: Client) -> None:
        response = client.post("/preferences/", {"language": "tlh"})
        assert "language" in response.context["form"].errors
        assert "language" not in response.cookies

    def test_dates_are_written_as_the_language_does(self) -> None:
        for language, written in (("en", "Tue 3 March"), ("de", "Di, 3. März")):
            with override(language):
                assert date_format(date(2026, 3, 3), "WEEKDAY_FORMAT") == written

    def test_admin_is_translated_too(self, client: Client) -> None:
        client.force_login(UserFactory(is_staff=True, is_superuser=True))
        client.cookies["language"] = "de"
        assert "Fragen" in client.get("/admin/questions/question/").content.decode()
