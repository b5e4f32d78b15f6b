"""Conversion of a graded answer into an FSRS rating."""

from datetime import timedelta

from questions.scheduling.fsrs_memory import Rating
from questions.types import MOSTLY_RIGHT


def rating_of(
    fraction: float,
    *,
    confidence: str = "",
    duration: timedelta | None = None,
    median_duration: timedelta | None = None,
    seen_before: bool = False,
) -> Rating:
    """Return the rating of the first answer of a study day.

    `fraction` is the credit earned, 0 to 1; `confidence` is "guess", "unsure", "sure" or empty; `median_duration` is
    the candidate's own median. A right answer is Good. It is Easy if the candidate was sure, faster than their median,
    and had seen the question before; it is Hard if they were unsure. A fraction from MOSTLY_RIGHT up to 1 is Hard.
    Everything else is Again, including a right guess.
    """
    if fraction < MOSTLY_RIGHT or confidence == "guess":
        return Rating.AGAIN
    if fraction < 1 or confidence == "unsure":
        return Rating.HARD
    quick = duration is not None and median_duration is not None and duration < median_duration
    return Rating.EASY if confidence == "sure" and quick and seen_before else Rating.GOOD
