"""Personal data in Chromium: download, import into another account, deletion by keyboard alone."""

import json
import re
import zipfile
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import BrowserContext, Page, expect

from questions.accounts.owners import Owner
from questions.attempts.models import Attempt
from questions.tests.browser.steps import press, tab_to, type_in
from questions.tests.factories import UserFactory
from questions.tests.personal_data_factories import MARK, fill, make_bank

SCRIPTS = ("recorder.js", "forget.js")
PASSWORD = "a long walk by the sea"
# Scripts that store a recording and a draft in the browser as an interview does, and that look for them.
LEAVE = """() => new Promise((resolve) => {
    sessionStorage.setItem("draft", "of an answer");
    localStorage.setItem("draft /attempts/1/", JSON.stringify({ at: Date.now() }));
    indexedDB.open("interviews", 1).onsuccess = ({ target }) => resolve(target.result.close());
})"""
LEFT = """async () => [(await indexedDB.databases()).length, sessionStorage.getItem("draft"), localStorage.length]"""


@pytest.fixture
def owner(transactional_db) -> Owner:
    """A user with data of every kind."""
    owner = Owner(user_id=UserFactory(username="ada", email="ada@example.org", password=PASSWORD).pk)
    fill(owner, make_bank())
    return owner


def log_in(context: BrowserContext, name: str) -> Page:
    page = context.new_page()
    page.goto("/accounts/login/")
    page.get_by_label("Login").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", level=1, name="Your preparation")).to_be_visible()
    return page


def download(page: Page, folder: Path) -> Path:
    page.goto("/account/")
    page.get_by_role("link", name="Your data").click()
    with page.expect_download() as downloading:
        page.get_by_role("link", name="Download everything").click()
    path = folder / downloading.value.suggested_filename
    downloading.value.save_as(path)
    return path


@pytest.mark.parametrize("java_script", [True, False])
def test_what_was_downloaded_is_opened_and_brought_into_another_account(
    new_context, owner, tmp_path, axe, java_script: bool
) -> None:
    path = download(log_in(new_context(), "ada"), tmp_path)
    assert path.name.startswith("quizsite-") and path.suffix == ".zip"
    with zipfile.ZipFile(path) as archive:
        data = json.loads(archive.read("data.json"))
        assert f"{MARK} said so." in archive.read("answers.csv").decode("utf-8-sig")
    assert (data["format"], data["account"]["username"], len(data["attempts"])) == ("quizsite-data/1", "ada", 5)

    other = UserFactory(username="grace", password=PASSWORD)
    page = log_in(new_context(java_script_enabled=java_script), "grace")
    page.goto("/account/data/")
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Import").click()
    expect(page.locator(".messages")).to_contain_text("Imported: the study plan, 5 quizzes, 20 answers")
    if java_script:
        axe(page)
    page.goto("/history/")
    expect(page.get_by_role("rowheader", name=f"{MARK}'s quiz")).to_have_count(5)
    assert Attempt.objects.owned_by(Owner(user_id=other.pk)).count() == 5


def test_a_file_that_is_none_is_told_beside_its_field(new_context, owner, tmp_path, axe) -> None:
    path = tmp_path / "data.json"
    path.write_text('{"format": "quizsite-data/1"}')
    page = log_in(new_context(), "ada")
    page.goto("/account/data/")
    page.get_by_label("File").set_input_files(path)
    page.get_by_role("button", name="Import").click()
    expect(page.get_by_text("made_at: is missing.")).to_be_visible()
    axe(page)


def test_an_account_is_deleted_by_keyboard_alone(new_context, owner, axe) -> None:
    context = new_context()
    page = log_in(context, "ada")
    page.evaluate(LEAVE)
    assert page.evaluate(LEFT) == [1, "of an answer", 1]
    page.get_by_role("button", name="Dark").click()
    page.goto("/account/")
    press(page, page.get_by_role("link", name="Your data"), "Enter")
    press(page, page.get_by_role("link", name="Delete my account"), "Enter")
    expect(page.get_by_text("5 quizzes and interviews with 20 answers, and 2 draft answers")).to_be_visible()
    type_in(page, page.get_by_label("Your password"), "wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Wrong password. Nothing was deleted. Try again.")).to_be_visible()
    axe(page)
    type_in(page, page.get_by_label("Your password"), PASSWORD)
    press(page, page.get_by_role("button", name="Delete my account"), "Enter")
    expect(page.get_by_role("heading", name="Your data was deleted")).to_be_visible()
    axe(page)
    expect(page.get_by_text("Any recordings of mock interviews have been removed")).to_be_visible()
    assert page.evaluate(LEFT) == [0, None, 0]
    assert {cookie["name"] for cookie in context.cookies()} == {"csrftoken"}

    page.goto("/accounts/login/")
    page.get_by_label("Login").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_text("are not correct")).to_be_visible()


def test_the_recordings_that_go_are_those_that_interviews_make() -> None:
    scripts = Path(settings.BASE_DIR) / "static" / "js"
    made, gone = (re.findall(r'indexedDB\.\w+\("(\w+)"', (scripts / name).read_text()) for name in SCRIPTS)
    assert made == gone != []


def test_a_visitor_is_forgotten(page: Page, transactional_db) -> None:
    bank = make_bank()
    page.goto("/practice/")
    page.get_by_role("button", name="Start").first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Question 1 of")
    assert bank.questions and Attempt.objects.count() == 1
    page.goto("/history/")
    page.get_by_role("link", name="Your data").click()
    page.get_by_role("link", name="Delete my data").click()
    tab_to(page, page.get_by_role("checkbox", name="Delete all my data"))
    page.keyboard.press("Space")
    page.get_by_role("button", name="Delete my data").click()
    expect(page.get_by_role("heading", name="Your data was deleted")).to_be_visible()
    page.goto("/history/")
    expect(page.get_by_text("Nothing here yet.")).to_be_visible()
    assert not Attempt.objects.exists()


def test_log_out_removes_the_copies_of_drafts_and_nothing_else(new_context, owner) -> None:
    page = log_in(new_context(), "ada")
    page.evaluate(LEAVE)
    page.evaluate("localStorage.setItem('other', '1')")
    page.goto("/accounts/logout/")
    assert page.evaluate(LEFT) == [1, "of an answer", 2]
    page.get_by_role("main").get_by_role("button", name="Sign Out").click()
    page.locator("summary", has_text="Menu").click()
    expect(page.get_by_role("link", name="Log in", exact=True)).to_be_visible()
    assert page.evaluate(LEFT) == [1, "of an answer", 1]
