"""From a graded answer to a rating of the memory."""

from datetime import timedelta

from questions.scheduling.fsrs_memory import Rating

ALMOST = 0.75


def rating_of(
    fraction: float,
    *,
    confidence: str = "",
    duration: timedelta | None = None,
    median_duration: timedelta | None = None,
    seen_before: bool = False,
) -> Rating:
    """The rating of the first answer of a study day.

    `fraction` is what it earned, 0..1; `confidence` one of "guess", "unsure", "sure" or empty; `median_duration` is one's own
    median time. Right is Good; right, sure and quicker than median_duration, of something seen before, Easy; right but
    unsure, or nearly right, Hard; everything else, a right guess too, Again.
    """
    if fraction < ALMOST or confidence == "guess":
        return Rating.AGAIN
    if fraction < 1 or confidence == "unsure":
        return Rating.HARD
    quick = duration is not None and median_duration is not None and duration < median_duration
    return Rating.EASY if confidence == "sure" and quick and seen_before else Rating.GOOD
