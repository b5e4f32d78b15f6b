"""Item statistics match sums that are computed in Python."""

import statistics as standard
from datetime import timedelta
from random import Random

import pytest
from django.core.management import call_command
from django.utils import timezone

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Response
from questions.bank import item_statistics
from questions.bank.models.item_statistics import ItemStatistics
from questions.enums import Mode
from questions.tests.attempt_steps import key_of, wrong_answer_to
from questions.tests.factories import UserFactory, make_question

pytestmark = pytest.mark.django_db
NOW = timezone.now()


def answered(owner: Owner, questions, right: list[bool | None], *, mode: str = Mode.PRACTICE, **options):
    """Return an attempt with each question answered right, wrong, or not at all (None)."""
    attempt = attempts.start(owner=owner, questions=questions, mode=mode, title="One", at=NOW)
    for place, is_right in zip(attempt.responses.select_related("revision"), right, strict=True):
        if is_right is not None:
            answer = key_of(place) if is_right else wrong_answer_to(place)
            attempts.record_response(response=place, answer=answer, at=NOW, **options)
    return attempt


def of(question) -> ItemStatistics:
    return ItemStatistics.objects.get(question=question, revision=None)


def test_figures_match_a_computation_in_python() -> None:
    random = Random(7)
    questions = [make_question("single_choice") for _ in range(5)]
    rows = []
    for _ in range(40):
        skill = random.random()
        right = [random.random() < 0.15 + 0.7 * skill if random.random() < 0.9 else None for _ in questions]
        rows.append(right)
        answered(Owner(user_id=UserFactory().pk), questions, right)
    item_statistics.rebuild(at=NOW)
    for place, question in enumerate(questions):
        mine = [row for row in rows if row[place] is not None]
        found = of(question)
        assert found.n == len(mine)
        assert found.facility == pytest.approx(standard.mean(float(row[place]) for row in mine))
        pairs = []
        for row in mine:
            rest = [float(one) for other, one in enumerate(row) if other != place and one is not None]
            if rest:
                pairs.append((float(row[place]), standard.mean(rest)))
        xs, ys = zip(*pairs, strict=True)
        assert found.discrimination == pytest.approx(100 * standard.correlation(xs, ys))
        best = standard.covariance(sorted(xs), sorted(ys))
        assert found.efficiency == pytest.approx(100 * standard.covariance(xs, ys) / best)
        assert sum(found.choice_counts) == len(mine)
        assert found.choice_counts[0] == sum(row[place] for row in mine)
        assert found.weakest_distractor == min(found.choice_counts[1:]) / len(mine)


def test_a_single_answer_has_only_a_facility() -> None:
    question = make_question("single_choice")
    answered(Owner(user_id=UserFactory().pk), [question], [True])
    item_statistics.rebuild(at=NOW)
    found = of(question)
    assert (found.n, found.facility, found.discrimination, found.efficiency) == (1, 1, None, None)
    assert found.sure_but_wrong is None
    assert found.median_seconds is None


def test_unanswered_questions_and_running_exams_are_left_out() -> None:
    questions = [make_question("single_choice") for _ in range(2)]
    owner = Owner(user_id=UserFactory().pk)
    answered(owner, questions, [True, None])
    going_on = answered(owner, questions, [False, False], mode=Mode.EXAM)
    item_statistics.rebuild(at=NOW)
    assert of(questions[0]).facility == 1
    assert not ItemStatistics.objects.filter(question=questions[1]).exists()
    attempts.submit(attempt=going_on, at=NOW)
    item_statistics.rebuild(at=NOW)
    assert of(questions[0]).facility == 0.5
    assert of(questions[1]).n == 1


def test_time_and_confidence() -> None:
    question = make_question("single_choice")
    for seconds, right in ((10, False), (20, True), (40, False), (None, True)):
        duration = timedelta(seconds=seconds) if seconds else None
        answered(Owner(user_id=UserFactory().pk), [question], [right], duration=duration, confidence="sure")
    answered(Owner(user_id=UserFactory().pk), [question], [False], confidence="guess")
    item_statistics.rebuild(at=NOW)
    assert of(question).median_seconds == pytest.approx(20)
    assert of(question).sure_but_wrong == 0.5


def test_revisions_have_their_own_figures_and_choices_come_from_the_newest() -> None:
    question = make_question("single_choice")
    answered(Owner(user_id=UserFactory().pk), [question], [False])
    question.stem += " Now?"
    question.save()
    answered(Owner(user_id=UserFactory().pk), [question], [True])
    item_statistics.rebuild(at=NOW)
    per_revision = ItemStatistics.objects.filter(question=question, revision__isnull=False).order_by("revision__number")
    assert [one.facility for one in per_revision] == [0, 1]
    assert of(question).facility == 0.5
    assert of(question).choice_counts == per_revision[1].choice_counts


def test_a_rebuild_replaces_the_old_statistics(capsys) -> None:
    question = make_question("single_choice")
    answered(Owner(user_id=UserFactory().pk), [question], [True])
    call_command("rebuild_statistics")
    call_command("rebuild_statistics")
    assert ItemStatistics.objects.count() == 2
    assert capsys.readouterr().out.splitlines()[-1] == "Statistics of 2 questions and revisions"
    Response.objects.all().delete()
    call_command("rebuild_statistics")
    assert not ItemStatistics.objects.exists()
