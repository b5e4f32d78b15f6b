"""What is typed and ticked outlives a killed server, a lost connection and the end of the session, in every mode."""

import socket
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace

import pytest
from django.conf import settings
from django.db import connection
from playwright.sync_api import expect

from questions.enums import AttemptMode
from questions.tests.browser.draft_steps import (
    EACH_MODE,
    LONG,
    MODES,
    MULTIPLE_CHOICE,
    OPEN,
    OTHER,
    PASSWORD,
    SUBMITS_BY_ITSELF,
    Candidate,
    copies,
    delete_cookie,
    eventually,
    expect_ticked,
    expect_written,
    log_in,
    log_out_elsewhere,
    make_candidate,
    press,
    record_open_answers,
    submit,
    submit_button,
    tick,
    wait_until_saved,
    write,
)
from questions.tests.factories import UserFactory
from questions.tests.processes import manage
from questions.tests.server_process import free_port

OFFLINE, LOG_IN = "No connection to the server.", "Log in again to submit. Your answer is kept."


class Server:
    """The production server on the database of the tests."""

    def __init__(self, stack: ExitStack) -> None:
        self.stack, self.port = stack, free_port()
        self.address = f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        environment = {
            "DJANGO_SETTINGS_MODULE": "quizsite.settings_test",
            "DATABASE_URL": f"sqlite:///{connection.settings_dict['NAME']}",
        }
        self.process = self.stack.enter_context(
            manage(settings.VAR_DIR, "serve", "--port", str(self.port), **environment)
        )
        self.stack.callback(self.process.terminate)
        assert self.process.stdout
        assert self.process.stdout.readline() == f"{self.address}\n"

    def kill(self) -> None:
        """Kill it, and wait for its worker to follow it."""
        self.process.kill()
        eventually(lambda: not self.listens())

    def listens(self) -> bool:
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0


@pytest.fixture
def server(transactional_db) -> Iterator[Server]:
    with ExitStack() as stack:
        server = Server(stack)
        server.start()
        yield server


def test_text_and_ticks_outlive_a_killed_server(server: Server, new_context, complaints) -> None:
    complaints.expect("ERR_CONNECTION_(REFUSED|RESET)|ERR_EMPTY_RESPONSE|ERR_SOCKET_NOT_CONNECTED")
    candidates = [make_candidate(new_context, server.address, mode) for mode in MODES]
    pages = [(candidate.open(), candidate.open(MULTIPLE_CHOICE)) for candidate in candidates]
    for first, _ in pages:
        write(first, OPEN, text=LONG[:100])
    marker = make_candidate(new_context, server.address, AttemptMode.EXAM, types=["open"])
    record_open_answers(marker, hand_in=True)
    result = marker.context.new_page()
    result.goto(marker.result_url)
    server.kill()
    tick(result, 1, 2, 4)
    for first, second in pages:
        write(first, OPEN)
        write(second, MULTIPLE_CHOICE)
    for first, second in pages:
        expect(first.get_by_text(OFFLINE)).to_be_visible()
        expect(second.get_by_text(OFFLINE)).to_be_visible()
        second.close()
    server.start()
    for candidate, (first, _) in zip(candidates, pages, strict=True):
        expect_written(candidate.open(MULTIPLE_CHOICE), MULTIPLE_CHOICE)
        wait_until_saved(first)
        expect(first.get_by_text(OFFLINE)).to_be_hidden()
        expect_written(candidate.second_device().open(), OPEN)
    wait_until_saved(result)
    other = marker.second_device().context.new_page()
    other.goto(marker.result_url)
    expect_ticked(other, 1, 2, 4)


@pytest.mark.parametrize("mode", EACH_MODE)
def test_text_and_ticks_outlive_a_lost_connection(begin, mode: str, complaints) -> None:
    complaints.expect("ERR_INTERNET_DISCONNECTED")
    candidate: Candidate = begin(mode)
    page = candidate.context.new_page()
    page.clock.install()
    page.goto(candidate.url())
    candidate.context.set_offline(True)
    write(page, OPEN, text=LONG[:100])
    page.clock.fast_forward(20_000)
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    write(page, OPEN)
    page.clock.fast_forward(20_000)
    assert copies(page)
    candidate.context.set_offline(False)
    wait_until_saved(page)
    expect(page.get_by_text(OFFLINE)).to_be_hidden()
    expect_written(candidate.second_device().open(), OPEN)


@pytest.mark.parametrize("mode", EACH_MODE)
def test_text_and_ticks_outlive_a_log_out(begin, mode: str, complaints) -> None:
    complaints.expect("403|404")
    candidate: Candidate = begin(mode)
    page = candidate.open()
    delete_cookie(candidate)
    write(page, OPEN)
    expect(page.get_by_text(LOG_IN)).to_be_visible()
    expect_written(page, OPEN)
    assert copies(page)
    page.get_by_role("link", name="Log in", exact=True).last.click()
    log_in(page, candidate)
    expect_written(page, OPEN)  # from the copy in the browser
    wait_until_saved(page)

    log_out_elsewhere(candidate)
    write(page, OPEN, text=OTHER)
    expect(page.get_by_text(LOG_IN)).to_be_visible()
    other_tab = candidate.context.new_page()
    other_tab.goto(candidate.address + "/accounts/login/")
    log_in(other_tab, candidate)  # which makes the page's CSRF token stale
    write(page, OPEN, text=OTHER + " So much for that.")
    wait_until_saved(page)
    expect(page.get_by_text(LOG_IN)).to_be_hidden()
    submit(page, mode)
    assert candidate.response().answer["text"] == OTHER + " So much for that."


def test_text_and_ticks_outlive_the_log_in_of_somebody_else(begin, complaints) -> None:
    complaints.expect("403|404")
    candidate: Candidate = begin(AttemptMode.EXAM)
    page = candidate.open(MULTIPLE_CHOICE)
    somebody = replace(candidate, user=UserFactory(password=PASSWORD))
    other_tab = candidate.context.new_page()
    delete_cookie(candidate)
    other_tab.goto(candidate.address + "/accounts/login/")
    log_in(other_tab, somebody)
    write(page, MULTIPLE_CHOICE)
    expect(page.get_by_text(LOG_IN)).to_be_visible()
    expect_written(page, MULTIPLE_CHOICE)
    candidate.log_in(candidate.context)
    page.evaluate("window.dispatchEvent(new Event('focus'))")  # the candidate comes back to the tab
    wait_until_saved(page)
    expect(page.get_by_text(LOG_IN)).to_be_hidden()
    submit(page, AttemptMode.EXAM, MULTIPLE_CHOICE)
    assert candidate.response(MULTIPLE_CHOICE).is_answered


@pytest.mark.parametrize("mode", SUBMITS_BY_ITSELF)
def test_answers_are_submitted_after_a_log_out_without_javascript(begin, mode: str, complaints) -> None:
    complaints.expect("403|404")
    candidate: Candidate = begin(mode, browser={"java_script_enabled": False})
    log_out = {OPEN: log_out_elsewhere, MULTIPLE_CHOICE: delete_cookie}
    for position in log_out:
        page = candidate.open(position)
        write(page, position)
        log_out[position](candidate)
        press(page, submit_button(mode, position))
        expect(page.get_by_text(LOG_IN)).to_be_visible()
        page.get_by_role("main").get_by_role("link", name="Log in").click()
        log_in(page, candidate)
        press(page, "Submit my answer" if position == OPEN else "Submit")
        expect(page.locator("#turn")).to_be_visible()
        assert candidate.response(position).is_answered
    assert candidate.response().answer["text"] == LONG
