"""The last step of an interview: the question that the candidate would ask the interviewer. It is not graded."""

from django.db import transaction

from questions.attempts.models import Attempt
from questions.notes.models import stamp
from questions.notes.services import join_texts

MAX_LENGTH = 5_000


class TooLong(Exception):
    """The question was changed on another page, and both texts together exceed MAX_LENGTH."""


@transaction.atomic
def write_question(*, attempt: Attempt, text: str, seen: str) -> str:
    """Save the text as the candidate's question, also after the end, and return what is saved now.

    `seen` is the stamp of the text that the page showed. If another page has changed it since then, both texts are
    joined, as notes are. Raises TooLong if they do not fit.
    """
    text = text if text.strip() else ""
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    saved = locked.closing_question
    if saved and stamp(saved) != seen:
        text = join_texts([saved, text]) if text and stamp(text) != seen else saved
    if len(text) > MAX_LENGTH and text != saved:
        raise TooLong
    if text != saved:
        locked.closing_question = text
        locked.save(update_fields=["closing_question"])
    attempt.closing_question = text
    return text
