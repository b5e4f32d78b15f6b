"""While an exam or an interview runs, nothing that its candidate can reach depends on which answers are right."""

import difflib
import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.urls import reverse

from questions.accounts.owners import Owner
from questions.enums import AttemptMode
from questions.notes import services as notes
from questions.scheduling.plan_models import StudyPlan
from questions.study import calendar_feed
from questions.study import services as plans
from questions.tests.factories import UserFactory
from questions.tests.security.two_keys import ENDED, NOW, RUNNING, VISITOR, Bank, freeze, make_bank, practise, turn_key
from questions.tests.security.worlds import Seen, World, fractions, start_anew, undone

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def owner(request) -> Owner:
    """A candidate with an account, or without."""
    return Owner(user_id=UserFactory(username="ada").pk) if request.param == "a user" else Owner(visitor=VISITOR)


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Writes nothing of the many refusals to the log."""
    logging.disable(logging.ERROR)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture
def bank(monkeypatch, owner: Owner) -> Bank:
    """A bank, of which the candidate has practised a part, kept everything and made a plan; the clock is stopped."""
    freeze(monkeypatch)
    bank = make_bank()
    practise(owner, bank.known[:3])
    for question in bank.asked:
        thing = {"owner": owner, "kind": "question", "pk": question.pk, "at": NOW}
        notes.set_bookmark(**thing, marked=True)
        notes.write_note(**thing, text="A note on the walrus.")
    plans.save_plan(
        owner=owner,
        interview_on=None,
        zone="UTC",
        minutes=20,
        weekdays_off=[],
        dates_off=[],
        retention=0.9,
        weights={bank.faq.guide.topic_id: 2},
        at=NOW,
    )
    StudyPlan.objects.update(calendar_id=VISITOR)
    plans.set_aside(owner=owner, question=bank.known[1], status="suspended")
    return bank


def all_seen(owner: Owner, bank: Bank, mode: str) -> tuple[Seen, Seen]:
    """All that the candidate sees where every answer is right, and where the same answers are not."""
    with undone():
        start_anew()
        right = World.of(owner, bank)
        answers = right.take(mode, None)
        assert set(fractions()) == {1, None}
        right.look_around()
        right.press_everything()
    with undone():
        start_anew()
        for question in bank.asked:
            turn_key(question)
        wrong = World.of(owner, bank)
        wrong.take(mode, answers)
        assert [one is None or one < 1 for one in fractions()] == [True] * len(bank.asked)
        wrong.look_around()
        wrong.press_everything()
    return right.seen, wrong.seen


def difference(one: tuple[Any, ...], other: tuple[Any, ...]) -> str:
    """Where two responses differ."""
    lines = ["\n".join(map(str, seen)).splitlines() for seen in (one, other)]
    return "\n".join(difflib.unified_diff(*lines, lineterm="", n=0))


@pytest.mark.parametrize(
    ("owner", "mode"),
    [
        ("a user", AttemptMode.EXAM),
        pytest.param("anonymous visitor", AttemptMode.INTERVIEW, marks=pytest.mark.slow),
    ],
    indirect=["owner"],
)
def test_what_is_right_changes_nothing_that_can_be_seen(owner: Owner, bank: Bank, mode: str) -> None:
    right, wrong = all_seen(owner, bank, mode)
    assert right.keys() == wrong.keys()
    told = {label: difference(right[label], wrong[label]) for label in right if right[label] != wrong[label]}
    assert not told
    for name in ("home", "history", "progress", "today", "plan", "notes", "data-download", "topics"):
        assert right[f"GET {reverse(name)}"][0] == 200, name
    assert right[f"GET {reverse('question', args=[RUNNING, 1])}"][0] == 200
    assert "Study: " in right[f"GET {reverse('calendar', args=[calendar_feed.token_of(VISITOR)])}"][3]
    assert str(RUNNING) in right[f"GET {reverse('data-download')}"][3]["data.json"]
    assert "Alpha" in right[f"GET {reverse('result', args=[ENDED])}"][3]
