"""Properties of the scheduling policies, for any memory state."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.scheduling.fsrs_memory import Memory
from questions.scheduling.question_order import (
    POLICIES,
    Situation,
    default_policy,
    due_first,
    least_recently_seen,
    new_questions_due,
    paced,
)
from questions.scheduling.study_day import Calendar

BEGIN = date(2026, 3, 1)  # a Sunday
DEADLINE = BEGIN + timedelta(days=30)
CALENDAR = Calendar(BEGIN, DEADLINE)


def memory(seen: int, stability: float = 5, due: int = 0, difficulty: float = 5) -> Memory:
    """Return a memory reviewed on one day of the preparation and due on another."""
    return Memory(stability, difficulty, BEGIN + timedelta(days=seen), BEGIN + timedelta(days=due), 2)


def on(number: int, unseen=(), known=None, calendar: Calendar = CALENDAR, **weights) -> Situation:
    """Return the situation on that day of the preparation."""
    return Situation(unseen, known or {}, BEGIN + timedelta(days=number), calendar, **weights)


difficulties = st.floats(1, 10)


@st.composite
def situations(draw: st.DrawFn, *, weighed: bool = True) -> Situation:
    """Draw a situation with new and known questions."""
    day = draw(st.integers(0, 29))
    known = {
        key: memory(draw(st.integers(0, day)), draw(st.floats(0.1, 300)), draw(st.integers(0, 60)), draw(difficulties))
        for key in range(100, 100 + draw(st.integers(0, 12)))
    }
    unseen = list(range(draw(st.integers(0, 40))))
    weights = draw(st.dictionaries(st.sampled_from([*unseen, *known, 999]), st.floats(0, 5))) if weighed else {}
    weekdays_off = draw(st.frozensets(st.integers(0, 6)))
    dates_off = draw(st.frozensets(st.dates(BEGIN, DEADLINE)))
    calendar = Calendar(BEGIN, draw(st.sampled_from([DEADLINE, None])), weekdays_off, dates_off)
    return on(day, unseen, known, calendar, weights=weights)


every_policy = st.sampled_from([*POLICIES.values(), default_policy])


@given(situations(), every_policy)
def test_no_question_is_asked_twice_or_again_today(situation, policy) -> None:
    order = policy(situation)
    unseen, known = set(situation.unseen), situation.known
    assert len(set(order)) == len(order)
    assert unseen <= set(order) <= unseen | {key for key in known if known[key].reviewed < situation.day}


@given(situations(weighed=False), every_policy, st.sampled_from([0.5, 1.0, 2.0]))
def test_equal_weights_change_nothing(situation, policy, weight: float) -> None:
    weights = dict.fromkeys([*situation.unseen, *situation.known], weight)
    assert policy(replace(situation, weights=weights)) == policy(situation)


@given(st.integers(1, 400))
def test_all_new_questions_are_introduced_in_the_first_part(questions: int) -> None:
    unseen = list(range(questions))
    for number in range(18):
        unseen = unseen[paced(on(number, unseen, {1000: memory(-1)})).index(1000) :]
    assert unseen == []


def test_days_off_get_no_new_questions() -> None:
    calendar = Calendar(BEGIN, DEADLINE, weekdays_off=frozenset({5, 6}), dates_off=frozenset({date(2026, 3, 2)}))
    shares = [paced(on(number, range(100), {1000: memory(-1)}, calendar)).index(1000) for number in (0, 2, 3, 16, 30)]
    assert shares == [9, 9, 10, 50, 100]  # 20 study days, of which 12 are the first part


def test_missed_days_increase_the_number_of_new_questions() -> None:
    known = {1000: memory(-1)}
    shares = [paced(on(number, range(100), known)).index(1000) for number in (0, 5, 10, 14, 17, 20)]
    assert shares == [6, 8, 13, 25, 100, 100]
    assert [new_questions_due(CALENDAR, BEGIN + timedelta(days=number), 100) for number in (0, 17, 29)] == [6, 100, 100]
    assert new_questions_due(Calendar(BEGIN), BEGIN, 100) == 100


def test_weak_and_long_unseen_questions_come_first() -> None:
    known = {1: memory(9, 2), 2: memory(9, 200), 3: memory(1, 2), 4: memory(10, 2)}
    assert paced(on(10, known=known)) == [3, 1, 2]


def test_barely_learned_questions_come_first_in_the_first_part_latest_first() -> None:
    known = {1: memory(2, 0.2), 2: memory(9, 0.2), 3: memory(0, 5), 4: memory(6, 0.3)}
    assert paced(on(17, known=known)) == [2, 4, 1, 3]
    assert paced(on(18, known=known)) != [2, 4, 1, 3]


def test_fragile_questions_are_left_for_the_last_day() -> None:
    known = {1: memory(20, 0.6, difficulty=9), 2: memory(20, 6)}
    assert paced(on(28, known=known)) == [2, 1]
    assert paced(on(29, known=known)) == [1, 2]
    off = Calendar(BEGIN, DEADLINE, dates_off=frozenset({DEADLINE - timedelta(days=1)}))
    assert paced(on(28, known=known, calendar=off)) == [1, 2]


@given(situations())
def test_an_early_second_review_gains_little(situation) -> None:
    fresh = replace(memory(0, 5), reviewed=situation.day - timedelta(days=1))
    stale = replace(fresh, reviewed=situation.day - timedelta(days=9))
    order = paced(replace(situation, known={1000: fresh, 1001: stale}, weights={}))
    assert order.index(1001) < order.index(1000)


def test_least_recently_seen_and_due_first() -> None:
    known = {1: memory(3, due=12), 2: memory(1, due=8), 3: memory(2, due=4)}
    assert least_recently_seen(on(10, [9], known)) == [9, 2, 3, 1]
    assert due_first(on(10, [9], known)) == [3, 2, 9]


@pytest.mark.parametrize("policy", [*POLICIES.values(), default_policy])
def test_weight_decides_among_equals(policy) -> None:
    known = {key: memory(1, due=2) for key in (11, 12, 13)}
    order = policy(on(10, [1, 2, 3], known, weights={2: 2.0, 3: 0.5, 12: 2.0, 13: 0.5}))
    assert [key for key in order if key < 10] == [1, 2, 3]  # as they were given
    assert [key for key in order if key > 10] == [12, 11, 13]


def test_the_default_policy_is_paced_only_before_an_interview() -> None:
    known = {1: memory(3, due=12), 2: memory(1, due=8)}
    ahead = on(10, [9], known)
    assert default_policy(ahead) == paced(ahead) != due_first(ahead)
    for deadline in (None, ahead.day, BEGIN):
        past = replace(ahead, calendar=Calendar(BEGIN, deadline))
        assert default_policy(past) == due_first(past)
