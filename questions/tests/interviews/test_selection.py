"""Selection of the questions of an interview, for any pool of candidates."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.interviews.selection import NEVER, SIZES, Candidate, select_questions

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
TOPICS = "abcdef"
minutes = st.sampled_from(sorted(SIZES))
seeds = st.integers(0, 2**32)
weights = st.fixed_dictionaries({topic: st.integers(1, 3) for topic in TOPICS})


def pools(fewest: int = 0, most: int = 6) -> st.SearchStrategy[list[Candidate]]:
    """Generate candidates of both kinds in every topic, some of them asked before."""
    return st.integers(0, 2**32).map(lambda seed: pool_of(Random(seed), fewest, most))


def pool_of(random: Random, fewest: int, most: int) -> list[Candidate]:
    keys = iter(range(1000))
    ages = [None, *(NOW - timedelta(days=days) for days in range(1, 9))]
    return [
        Candidate(next(keys), topic, is_open, difficulty=random.randrange(3), asked_at=random.choice(ages))
        for topic in TOPICS
        for is_open in (True, False)
        for _ in range(random.randint(fewest, most))
    ]


def kinds(asked: list[Candidate]) -> str:
    return "".join("o" if one.is_open else "g" for one in asked)


@pytest.mark.parametrize("length", SIZES)
def test_questions_fit_the_time_and_fill_most_of_it(length: int) -> None:
    assert 0.9 * length * 60 <= SIZES[length].seconds <= length * 60


@given(pools(), weights, minutes, seeds)
def test_planned_number_of_each_kind_is_asked_once(pool, weight, length, seed) -> None:
    asked = select_questions(pool, weight, length, Random(seed))
    assert len({one.key for one in asked}) == len(asked)
    assert set(asked) <= set(pool)
    for is_open, planned in ((True, SIZES[length].open), (False, SIZES[length].graded)):
        there = sum(one.is_open == is_open for one in pool)
        assert sum(one.is_open == is_open for one in asked) == min(planned, there)


@given(pools(fewest=9, most=9), weights, minutes, seeds)
def test_heavier_topic_never_gets_fewer_questions(pool, weight, length, seed) -> None:
    asked = Counter(one.topic for one in select_questions(pool, weight, length, Random(seed)))
    for one in TOPICS:
        for other in TOPICS:
            if weight[one] > weight[other]:
                assert asked[one] >= asked[other]
            if weight[one] == weight[other]:
                assert abs(asked[one] - asked[other]) <= 1


@given(pools(fewest=15, most=15), minutes, seeds)
def test_shares_are_proportional_to_weights(pool, length, seed) -> None:
    weight = {"a": 3, "b": 2, "c": 1}
    asked = Counter(
        one.topic
        for one in select_questions([one for one in pool if one.topic in weight], weight, length, Random(seed))
    )
    for topic, share in weight.items():
        assert abs(asked[topic] - sum(asked.values()) * share / 6) < 1


@given(pools(), weights, minutes, seeds)
def test_least_recently_asked_question_of_a_topic_comes_first(pool, weight, length, seed) -> None:
    asked = select_questions(pool, weight, length, Random(seed))
    for left in set(pool) - set(asked):
        for taken in asked[1:]:  # the first one is the warm-up
            if (taken.topic, taken.is_open) == (left.topic, left.is_open):
                assert (taken.asked_at or NEVER) <= (left.asked_at or NEVER)


@given(pools(), weights, minutes, seeds)
def test_interview_gets_harder(pool, weight, length, seed) -> None:
    asked = select_questions(pool, weight, length, Random(seed))
    after_warm_up = [one.difficulty for one in asked if one is not _warm_up(asked)]
    assert all(one <= other for one, other in pairwise(after_warm_up))


@given(pools(), weights, minutes, seeds)
def test_interview_opens_with_one_of_the_easiest_open_questions(pool, weight, length, seed) -> None:
    asked = select_questions(pool, weight, length, Random(seed))
    warm_up = _warm_up(asked)
    easiest = [one for one in pool if one.is_open and one.difficulty == min(o.difficulty for o in pool if o.is_open)]
    assert warm_up in (easiest or [None])
    for other in easiest:
        if warm_up.topic == other.topic:
            assert (warm_up.asked_at or NEVER) <= (other.asked_at or NEVER)


def test_topic_gets_its_fair_share_of_warm_ups() -> None:
    pool = [Candidate(key, "abc"[key % 3], is_open=True, difficulty=key % 2) for key in range(60)]
    first = [select_questions(pool, {"a": 1, "b": 1, "c": 1}, 30, Random(seed))[0] for seed in range(300)]
    assert {one.difficulty for one in first} == {0}
    assert min(Counter(one.topic for one in first).values()) > 70


def _warm_up(asked: list[Candidate]) -> Candidate | None:
    return asked[0] if asked and asked[0].is_open else None


@pytest.mark.parametrize(("length", "order"), [(30, "og" * 4), (45, "og" * 6), (60, "oogogogoogogogo")])
def test_open_and_graded_questions_alternate(length: int, order: str) -> None:
    pool = [Candidate(key, "a", is_open=key % 2 == 0) for key in range(40)]
    assert kinds(select_questions(pool, {"a": 1}, length, Random(1))) == order


@given(pools(fewest=1), weights, minutes, seeds)
def test_same_seed_selects_the_same_questions(pool, weight, length, seed) -> None:
    assert select_questions(pool, weight, length, Random(seed)) == select_questions(pool, weight, length, Random(seed))


def test_other_seed_selects_other_questions() -> None:
    pool = [Candidate(key, "a", is_open=True) for key in range(40)]
    draws = {tuple(select_questions(pool, {"a": 1}, 30, Random(seed))) for seed in range(20)}
    assert len(draws) > 15


def test_topic_without_open_questions_comes_first_among_graded_ones() -> None:
    pool = [Candidate(key, topic, is_open=key % 2 == 0) for key, topic in enumerate(t for t in "abcde" for _ in "12")]
    asked = select_questions(pool, dict.fromkeys("abcde", 2), 30, Random(3))
    assert {one.topic for one in asked} == set("abcde")
