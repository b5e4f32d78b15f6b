"""The estimate of what a candidate knows, and the choice of the next question."""

from collections import Counter
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions.scheduling.placement import (
    MAX_QUESTIONS,
    MIN_QUESTIONS,
    Answer,
    Estimate,
    Item,
    difficulty_of,
    next_question,
)

ROUNDING = 1e-9
DIFFICULTIES, GUESSES = [-0.8, 0.0, 0.8], [0.0, 0.25, 0.5]
items = st.builds(Item, st.sampled_from("abc"), st.sampled_from(DIFFICULTIES), st.sampled_from(GUESSES))
answers = st.lists(st.builds(Answer, items, st.booleans()), max_size=8)
banks = st.lists(items, min_size=1, max_size=30).map(lambda found: dict(enumerate(found)))


@given(st.lists(items, min_size=1, max_size=30))
def test_without_answers_all_topics_have_a_range_around_the_prior_mean(bank) -> None:
    estimate = Estimate.of(bank)
    for topic in estimate.topics:
        share = estimate.known(topic)
        assert 0 <= share.low <= share.middle <= share.high <= 1
        assert share.high - share.low > 0.5


def test_without_answers_a_topic_of_medium_difficulty_is_half_known() -> None:
    assert Estimate.of([Item("a", 0.0, 0.25)]).known("a").middle == pytest.approx(0.5)


@given(answers, items)
def test_right_answer_lowers_no_topic_and_any_other_raises_none(before, item) -> None:
    bank = [Item(topic, 0.0, 0.25) for topic in "abc"]
    old, right, unknown = (
        Estimate(Estimate.of(bank).topics, [*before, *more])
        for more in ([], [Answer(item, True)], [Answer(item, False)])
    )
    for topic in "abc":
        now = old.known(topic)
        for field in ("low", "middle", "high"):
            assert getattr(right.known(topic), field) >= getattr(now, field) - ROUNDING
            assert getattr(unknown.known(topic), field) <= getattr(now, field) + ROUNDING


@given(answers)
def test_order_of_the_answers_does_not_matter(given_answers) -> None:
    bank = [Item(topic, 0.0, 0.25) for topic in "abc"]
    one, other = (Estimate.of(bank, list(some)) for some in (given_answers, reversed(given_answers)))
    assert [one.known(topic).middle for topic in "abc"] == pytest.approx([other.known(topic).middle for topic in "abc"])


def test_lucky_guesses_say_less_than_typed_answers() -> None:
    typed, chosen = (Estimate.of([], [Answer(Item("a", 0.0, guess), True)]).known("a").middle for guess in (0.0, 0.5))
    assert typed > chosen > 0.5


def test_answer_in_one_topic_says_a_little_about_the_others() -> None:
    bank = [Item("a", 0.0, 0.0), Item("b", 0.0, 0.0)]
    estimate = Estimate.of(bank, [Answer(bank[0], True)])
    assert 0.5 < estimate.known("b").middle < estimate.known("a").middle


@given(answers, items)
def test_an_answer_is_expected_to_remove_uncertainty(before, item) -> None:
    estimate = Estimate.of([Item(topic, 0.0, 0.25) for topic in "abc"], before)
    assert 0 < estimate.uncertainty_after(item) <= estimate.uncertainty * (1 + ROUNDING)


@settings(deadline=None, max_examples=50)
@given(banks, st.lists(st.booleans(), min_size=MAX_QUESTIONS, max_size=MAX_QUESTIONS), st.integers(0, 2**128))
def test_test_ends_and_asks_nothing_twice(bank, outcomes, seed) -> None:
    asked: list[int] = []
    given_answers: list[Answer] = []
    most = ceil(MAX_QUESTIONS / len({item.topic for item in bank.values()}))
    possible = sum(min(most, number) for number in Counter(item.topic for item in bank.values()).values())
    while True:
        key = next_question(bank, Estimate.of(bank.values(), given_answers), asked=asked, seed=seed)
        if key is None:
            break
        assert key not in asked
        given_answers.append(Answer(bank[key], outcomes[len(asked)]))
        asked.append(key)
    assert min(MIN_QUESTIONS, possible) <= len(asked) <= MAX_QUESTIONS
    assert max(Counter(bank[key].topic for key in asked).values()) <= most


def test_first_questions_are_of_different_topics() -> None:
    bank = {10 * place + number: Item(topic, 0.0, 0.25) for place, topic in enumerate("abcd") for number in range(5)}
    asked: list[int] = []
    for _ in range(4):
        given_answers = [Answer(bank[key], False) for key in asked]
        key = next_question(bank, Estimate.of(bank.values(), given_answers), asked=asked)
        assert key is not None
        asked.append(key)
    assert len({bank[key].topic for key in asked}) == 4


def test_seed_decides_between_equal_questions() -> None:
    bank = {key: Item("a", 0.0, 0.25) for key in range(50)}
    estimate = Estimate.of(bank.values())
    assert len({next_question(bank, estimate, asked=[], seed=seed) for seed in range(20)}) > 5
    assert len({next_question(bank, estimate, asked=[], seed=7) for _ in range(5)}) == 1


def test_label_counts_until_there_are_answers() -> None:
    labels = [difficulty_of(label, guess=0.25) for label in ("easy", "medium", "hard")]
    assert labels == sorted(set(labels))
    assert difficulty_of("easy", guess=0.25, answers=500, facility=0.3) > difficulty_of("hard", guess=0.25)
    assert difficulty_of("easy", guess=0.25, answers=1, facility=0.3) < difficulty_of("medium", guess=0.25)


def test_question_answered_as_by_guessing_is_hard_and_not_infinitely_so() -> None:
    assert 2 < difficulty_of("medium", guess=0.25, answers=10_000, facility=0.1) < 4
