"""Recordings of answers in real Chromium: they stay in the browser, are played there and can be deleted."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from questions.attempts.models import Attempt
from questions.tests.browser.interview_steps import begin, hand_in, make_bank

WHERE = "The recording stays in this browser on this device and is never uploaded."
FIELDS = {
    *("csrfmiddlewaretoken", "start_id", "start", "minutes", "go", "answering"),
    *("shown_at", "seen", "page", "number", "based_on", "text", "aloud", "choice", "follow_up"),
}


@pytest.fixture
def bank(transactional_db) -> None:
    make_bank()


@pytest.fixture(scope="module")
def browser(launch_browser, browser_type_launch_args) -> Iterator[Browser]:
    """Lets whoever has the right to use the microphone do so unasked: the headless shell has no window to ask in."""
    browser = launch_browser(args=[*browser_type_launch_args["args"], "--use-fake-ui-for-media-stream"])
    yield browser
    browser.close()


@pytest.fixture
def speaking(new_context, bank) -> Page:
    """The page of somebody who lets their microphone be used."""
    return new_context(permissions=["microphone"]).new_page()


@pytest.fixture
def sent(speaking: Page) -> list[Request]:
    """Every request of that person's browser."""
    requests: list[Request] = []
    speaking.context.on("request", lambda request: requests.append(request))  # noqa: PLW0108 - it marks what it is given
    return requests


def record(page: Page) -> None:
    """Records for as long as it takes to keep something."""
    page.get_by_role("button", name="Record", exact=True).click()
    stop = page.get_by_role("button", name="Stop recording")
    expect(stop).to_be_focused()
    expect(page.get_by_role("group").filter(has=stop).locator("[data-length]").last).to_have_text(re.compile("0:0."))


KEPT = """() => new Promise((resolve) => {
    const opened = indexedDB.open("interviews", 1);
    opened.onsuccess = () => {
        const all = opened.result.transaction("chunks").objectStore("chunks").getAll();
        all.onsuccess = () => resolve(all.result.map((chunk) => [chunk.position, chunk.part, chunk.blob.size]));
    };
})"""


def kept(page: Page) -> set[tuple[int, str]]:
    """What the browser keeps recordings of."""
    return {(position, part) for position, part, size in page.evaluate(KEPT) if size}


def test_a_recording_is_played_and_deleted_and_never_sent(speaking: Page, sent: list[Request], axe) -> None:
    page = speaking
    page.on("dialog", lambda dialog: dialog.accept())
    attempt = begin(page)
    expect(page.get_by_text(WHERE)).to_be_visible()
    record(page)
    expect(page.get_by_label("I have answered aloud")).to_be_checked()
    page.get_by_role("button", name="Stop recording").click()
    play = page.get_by_role("button", name="Play")
    expect(play).to_be_focused()
    axe(page)
    play.click()
    expect(page.get_by_role("button", name="Pause")).to_be_visible()
    page.get_by_role("button", name="Save answer").click()
    expect(page.get_by_role("heading", name="And then?")).to_be_visible()
    record(page)
    page.get_by_role("button", name="Next question").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Question 2 of 4")
    assert kept(page) == {(1, "answer"), (1, "follow-up")}
    assert attempt.responses.get(position=1).answer == {"text": "", "aloud": True, "follow_ups": {"0": ""}}

    page.goto(f"{attempt.get_absolute_url()}3/")
    record(page)
    page.reload()  # in the middle of it
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    expect(page.get_by_label("I have answered aloud")).to_be_checked()
    page.get_by_role("button", name="Show overview").click()
    hand_in(page)
    axe(page)
    first = page.get_by_role("group", name="Recording of your answer", exact=True).first
    first.get_by_role("button", name="Play").click()
    expect(first.get_by_role("button", name="Pause")).to_be_visible()
    first.get_by_role("button", name="Delete recording").click()
    expect(first.get_by_text("The recording is deleted.")).to_be_visible()
    assert kept(page) == {(1, "follow-up"), (3, "answer")}
    page.get_by_role("button", name="Delete all recordings").click()
    expect(page.get_by_text("All recordings are deleted.")).to_be_focused()
    expect(page.get_by_role("button", name="Play")).to_have_count(0)
    assert kept(page) == set()

    posted = [request for request in sent if request.method != "GET"]
    assert posted
    for request in posted:
        is_draft = request.headers["content-type"].startswith("multipart/form-data")
        body = request.post_data or ""
        names = re.findall(r'name="([^"]+)"' if is_draft else r"(?:^|&)([^=&]+)=", body)
        assert names and set(names) <= FIELDS
        assert "filename=" not in body
        assert len(body) < 3000
    assert not [
        request.url for request in sent if not request.url.startswith(("blob:", page.url.split("/attempts")[0]))
    ]


def test_whoever_goes_on_while_recording_waits_until_it_is_kept(speaking: Page) -> None:
    page = speaking
    page.add_init_script(
        "const { start } = MediaRecorder.prototype;"
        "MediaRecorder.prototype.start = function () { start.call(this); };"  # nothing comes before the end
    )
    begin(page)
    page.get_by_role("button", name="Record", exact=True).click()
    expect(page.locator(".pace .countdown")).to_have_text(re.compile("2:5[0-8]"))
    assert kept(page) == set()
    page.get_by_role("button", name="Save answer").click()
    expect(page.get_by_role("heading", name="And then?")).to_be_visible()
    assert kept(page) == {(1, "answer")}


def test_recordings_of_interviews_that_are_gone_can_be_deleted(speaking: Page) -> None:
    page = speaking
    page.on("dialog", lambda dialog: dialog.accept())
    begin(page)
    record(page)
    page.get_by_role("button", name="Stop recording").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    Attempt.objects.all().delete()
    page.goto("/interview/")
    page.get_by_role("button", name="Delete all recordings").click()
    expect(page.get_by_text("All recordings are deleted.")).to_be_visible()
    assert kept(page) == set()


def test_a_recording_is_not_deleted_without_being_asked(speaking: Page) -> None:
    page = speaking
    page.on("dialog", lambda dialog: dialog.dismiss())
    begin(page)
    record(page)
    page.get_by_role("button", name="Stop recording").click()
    page.get_by_role("button", name="Delete recording").click()
    expect(page.get_by_role("button", name="Play")).to_be_visible()
    assert kept(page) == {(1, "answer")}
