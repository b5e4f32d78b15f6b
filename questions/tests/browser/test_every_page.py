"""Every page, in both themes, on a phone and at 200 % zoom; and none scrolls sideways at 320 pixels."""

from collections.abc import Iterable
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import BrowserContext, Page

from questions import types
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.enums import AttemptMode, Mode
from questions.notes import services as notes
from questions.tests.attempt_steps import key_of, note_on, page_of, visitor_attempt, wrong_answer_to
from questions.tests.factories import (
    CodeListingFactory,
    ComparisonFactory,
    ComparisonRowFactory,
    FAQFactory,
    GuideFactory,
    QuizFactory,
    QuizItemFactory,
    SectionFactory,
    TakeawayFactory,
    UserFactory,
    make_question,
)

LONG_LINE = "result = [name for name in very_long_variable_names if name.startswith('something')]  # " + "x" * 80
PHONE = {"width": 360, "height": 740}
ZOOMED = {"width": 640, "height": 400}  # what is left of 1280 by 800 at 200 %
NARROW = {"width": 320, "height": 640}
LOOKS = {
    "phone": (PHONE, "light"),
    "phone in the dark": (PHONE, "dark"),
    "zoomed to 200 %": (ZOOMED, "light"),  # the colours of the dark are those of the phone
}
STILL = {"reduced_motion": "reduce"}  # a page in another theme has its colours at once
SIDEWAYS = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
PARTS = 3  # of the addresses, each looked at by a test of its own, so that two workers share them


def answered(attempt: Attempt, answer) -> Attempt:
    for place in attempt.responses.all():
        attempts.record_response(response=place, answer=answer(place), at=timezone.now())
    return attempt


@pytest.fixture
def addresses(client, transactional_db) -> list[str]:
    """An address of every kind of page a candidate sees, for the client's session."""
    guide = GuideFactory(quick_answer="Take `" + "a_very_long_name_" * 5 + "`.")
    section = SectionFactory(guide=guide, body=f"| one | two |\n|---|---|\n| 1 | 2 |\n\n```python\n{LONG_LINE}\n```")
    CodeListingFactory.create_batch(2, section=section, code=LONG_LINE, output=LONG_LINE)
    for number in range(3):
        ComparisonRowFactory(
            comparison=ComparisonFactory(guide=guide), feature=f"Feature {number}", cells=["Yes, `always`", "No"]
        )
    TakeawayFactory(guide=guide)
    faq = FAQFactory(guide=guide)
    questions = [
        make_question(name, topic=guide.topic, code=LONG_LINE, code_language="python", explanation="Because.")
        for name in types.names()
    ]
    quiz = QuizFactory()
    for position, question in enumerate(questions, 1):
        QuizItemFactory(quiz=quiz, question=question, position=position)

    fresh = visitor_attempt(client, *questions)
    right = answered(visitor_attempt(client, *questions), key_of)
    exam = visitor_attempt(client, *questions, mode=Mode.EXAM, time_limit=timedelta(minutes=30))
    ended = answered(visitor_attempt(client, *questions), wrong_answer_to)
    attempts.submit(attempt=ended, at=timezone.now())
    for kind, pk in (("guide", guide.pk), ("faq", faq.pk), ("question", questions[0].pk)):
        place = {"owner": fresh.owner, "kind": kind, "pk": pk, "at": timezone.now()}
        notes.set_bookmark(**place, marked=True)
        notes.write_note(**place, text=f"Mind the walrus. {LONG_LINE}")
    interviews = {"mode": AttemptMode.INTERVIEW, "time_limit": timedelta(minutes=30)}
    interview = visitor_attempt(client, *questions, **interviews)
    spoken = types.names().index("open") + 1
    followed_up = answered(visitor_attempt(client, questions[spoken - 1], **interviews), key_of)
    held = [answered(visitor_attempt(client, *questions, **interviews), key_of) for _ in range(2)]
    for attempt in held:
        attempts.submit(attempt=attempt, at=timezone.now())
    attempts.assess(attempt=held[1], position=spoken, met=[1])
    return [
        *("/", reverse("topics"), guide.get_absolute_url(), reverse("practice"), quiz.get_absolute_url()),
        *(reverse("history"), reverse("preferences"), reverse("search") + "?q=the", reverse("search") + "?q=walrus"),
        *(
            "/notes/",
            "/notes/?q=walrus",
            "/notes/?q=zebra",
            note_on("faq", faq.pk),
            note_on("question", questions[0].pk),
        ),
        *(reverse("account_login"), reverse("account_signup"), reverse("account_reset_password"), "/nowhere/"),
        *(page_of(attempt, n) for attempt in (fresh, right) for n in range(1, len(questions) + 1)),
        *(reverse("today"), reverse("plan"), reverse("aside"), reverse("progress")),
        *(reverse("corrections", args=[guide.topic.slug]), reverse("report", args=[fresh.public_id, 1]), "/reports/"),
        *(reverse("interview"), page_of(interview), page_of(interview, spoken), page_of(followed_up)),
        *(reverse("result", args=[attempt.public_id]) for attempt in held),
        *(reverse("data"), reverse("data-delete")),
        *(page_of(exam), reverse("overview", args=[exam.public_id]), reverse("result", args=[ended.public_id])),
    ]


@pytest.fixture
def members_addresses(client, transactional_db) -> list[str]:
    client.force_login(UserFactory(password="a long walk by the sea"))
    names = ("account", "account_email", "account_change_password", "account_logout", "data", "data-delete")
    return [reverse(name) for name in names]


def opened(new_context, base_url: str, client, **options) -> Page:
    """A page of a browser that has the client's session."""
    context: BrowserContext = new_context(**options)
    context.add_cookies([{"name": "sessionid", "value": client.cookies["sessionid"].value, "url": base_url}])
    return context.new_page()


def check_all(page: Page, addresses: list[str], axe, looks: Iterable[str]) -> None:
    """Opens each address once and looks at it in every way, and in both themes at the least width."""
    sideways = []
    for address in addresses:
        page.goto(address)
        for look in looks:
            size, theme = LOOKS[look]
            page.emulate_media(color_scheme=theme)
            page.set_viewport_size(size)
            axe(page)
            page.set_viewport_size(NARROW)
            if page.evaluate(SIDEWAYS):
                sideways.append((look, address))
    assert not sideways


@pytest.mark.parametrize("part", range(PARTS))
def test_no_page_hinders_anybody_or_scrolls_sideways(
    new_context, base_url, client, addresses, axe, complaints, part: int
) -> None:
    complaints.expect("404")
    page = opened(new_context, base_url, client, device_scale_factor=2, **STILL)
    check_all(page, addresses[part::PARTS], axe, LOOKS)


def test_no_page_of_the_account_hinders_anybody(new_context, base_url, client, members_addresses, axe) -> None:
    page = opened(new_context, base_url, client, device_scale_factor=2, **STILL)
    check_all(page, members_addresses, axe, ["phone", "phone in the dark"])
