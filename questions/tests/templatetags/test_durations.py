"""Durations in words."""

from datetime import timedelta

import pytest

from questions.templatetags.durations import in_minutes, in_words


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(1, "1 second"), (60, "1 minute"), (90, "90 seconds"), (180, "3 minutes")],
)
def test_whole_minutes_are_minutes(seconds: int, words: str) -> None:
    assert in_words(seconds) == words


def test_a_duration_is_rounded_to_minutes() -> None:
    assert in_minutes(timedelta(minutes=27, seconds=31)) == 28
