"""What the policies promise of a day's order, whatever is remembered."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.scheduling.days import Calendar
from questions.scheduling.memory import Memory
from questions.scheduling.policies import POLICIES, Situation, default, due_first, least_recently_seen, paced

BEGIN = date(2026, 3, 1)  # a Sunday
DEADLINE = BEGIN + timedelta(days=30)
CALENDAR = Calendar(BEGIN, DEADLINE)


def memory(seen: int, stability: float = 5, due: int = 0) -> Memory:
    """Seen on that day of the preparation, due on another."""
    return Memory(stability, 5, BEGIN + timedelta(days=seen), BEGIN + timedelta(days=due), 2)


def on(number: int, unseen=(), known=None, calendar: Calendar = CALENDAR, **weights) -> Situation:
    """That day of the preparation."""
    return Situation(unseen, known or {}, BEGIN + timedelta(days=number), calendar, **weights)


@st.composite
def situations(draw: st.DrawFn, *, weighed: bool = True) -> Situation:
    """What is new, what is known, and a day of the preparation."""
    day = draw(st.integers(0, 29))
    known = {
        key: memory(draw(st.integers(0, day)), draw(st.floats(0.1, 300)), draw(st.integers(0, 60)))
        for key in range(100, 100 + draw(st.integers(0, 12)))
    }
    unseen = list(range(draw(st.integers(0, 40))))
    weights = draw(st.dictionaries(st.sampled_from([*unseen, *known, 999]), st.floats(0, 5))) if weighed else {}
    weekdays_off = draw(st.frozensets(st.integers(0, 6)))
    dates_off = draw(st.frozensets(st.dates(BEGIN, DEADLINE)))
    calendar = Calendar(BEGIN, draw(st.sampled_from([DEADLINE, None])), weekdays_off, dates_off)
    return on(day, unseen, known, calendar, weights=weights)


every_policy = st.sampled_from([*POLICIES.values(), default])


@given(situations(), every_policy)
def test_nothing_is_asked_twice_and_nothing_that_was_seen_today(situation, policy) -> None:
    order = policy(situation)
    unseen, known = set(situation.unseen), situation.known
    assert len(set(order)) == len(order)
    assert unseen <= set(order) <= unseen | {key for key in known if known[key].reviewed < situation.day}


@given(situations(weighed=False), every_policy, st.sampled_from([0.5, 1.0, 2.0]))
def test_equal_weights_change_nothing(situation, policy, weight: float) -> None:
    weights = dict.fromkeys([*situation.unseen, *situation.known], weight)
    assert policy(replace(situation, weights=weights)) == policy(situation)


@given(st.integers(1, 400))
def test_all_that_is_new_comes_first_in_the_first_half(questions: int) -> None:
    unseen = list(range(questions))
    for number in range(15):
        unseen = unseen[paced(on(number, unseen, {1000: memory(-1)})).index(1000) :]
    assert unseen == []


def test_days_off_take_no_share() -> None:
    calendar = Calendar(BEGIN, DEADLINE, weekdays_off=frozenset({5, 6}), dates_off=frozenset({date(2026, 3, 2)}))
    shares = [paced(on(number, range(100), {1000: memory(-1)}, calendar)).index(1000) for number in (0, 2, 3, 12)]
    assert shares == [10, 10, 12, 50]  # 21 weekdays but one: 10 study days until half of them are over


def test_after_days_missed_the_share_grows() -> None:
    known = {1000: memory(-1)}
    shares = [paced(on(number, range(100), known)).index(1000) for number in (0, 5, 10, 14, 20)]
    assert shares == [7, 10, 20, 100, 100]


def test_what_was_seen_long_ago_and_is_shaky_comes_first() -> None:
    known = {1: memory(9, 2), 2: memory(9, 200), 3: memory(1, 2), 4: memory(10, 0.2)}
    assert paced(on(10, known=known)) == [3, 1, 2]


def test_least_recently_seen_and_due_first_do_what_they_are_called() -> None:
    known = {1: memory(3, due=12), 2: memory(1, due=8), 3: memory(2, due=4)}
    assert least_recently_seen(on(10, [9], known)) == [9, 2, 3, 1]
    assert due_first(on(10, [9], known)) == [3, 2, 9]


@pytest.mark.parametrize("policy", [*POLICIES.values(), default])
def test_what_counts_more_comes_first_among_equals(policy) -> None:
    known = {key: memory(1, due=2) for key in (11, 12, 13)}
    order = policy(on(10, [1, 2, 3], known, weights={2: 2.0, 3: 0.5, 12: 2.0, 13: 0.5}))
    assert [key for key in order if key < 10] == [2, 1, 3]
    assert [key for key in order if key > 10] == [12, 11, 13]


def test_towards_an_interview_it_is_paced_and_else_what_is_due_comes_first() -> None:
    known = {1: memory(3, due=12), 2: memory(1, due=8)}
    ahead = on(10, [9], known)
    assert default(ahead) == paced(ahead) != due_first(ahead)
    for deadline in (None, ahead.day, BEGIN):
        past = replace(ahead, calendar=Calendar(BEGIN, deadline))
        assert default(past) == due_first(past)
