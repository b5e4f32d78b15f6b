"""Ratings of graded answers."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.scheduling.fsrs_memory import Rating
from questions.scheduling.ratings import rating_of

QUICK, MEDIAN = timedelta(seconds=5), timedelta(seconds=20)
confidences = st.sampled_from(["", "guess", "unsure", "sure"])
fractions = st.floats(0, 1)


@pytest.mark.parametrize(
    ("fraction", "confidence", "rating"),
    [
        (1, "", Rating.GOOD),
        (1, "sure", Rating.GOOD),
        (1, "unsure", Rating.HARD),
        (1, "guess", Rating.AGAIN),
        (0.75, "", Rating.HARD),
        (0.74, "sure", Rating.AGAIN),
        (0, "sure", Rating.AGAIN),
    ],
)
def test_an_answer_is_rated(fraction: float, confidence: str, rating: Rating) -> None:
    assert rating_of(fraction, confidence=confidence) == rating


@pytest.mark.parametrize(
    ("confidence", "duration", "median_duration", "seen", "rating"),
    [
        ("sure", QUICK, MEDIAN, True, Rating.EASY),
        ("sure", MEDIAN, MEDIAN, True, Rating.GOOD),
        ("sure", QUICK, None, True, Rating.GOOD),
        ("sure", None, MEDIAN, True, Rating.GOOD),
        ("sure", QUICK, MEDIAN, False, Rating.GOOD),
        ("", QUICK, MEDIAN, True, Rating.GOOD),
    ],
)
def test_only_sure_fast_and_repeated_answers_are_easy(confidence, duration, median_duration, seen, rating) -> None:
    assert (
        rating_of(1, confidence=confidence, duration=duration, median_duration=median_duration, seen_before=seen)
        == rating
    )


@given(fractions, fractions, confidences)
def test_a_better_answer_is_never_rated_worse(one: float, other: float, confidence: str) -> None:
    low, high = sorted((one, other))
    assert rating_of(low, confidence=confidence) <= rating_of(high, confidence=confidence)
