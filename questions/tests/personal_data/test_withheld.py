"""What a download withholds where the author's order of the options is the key, and what an import makes of it."""

import json
import uuid

import pytest

from questions.accounts.owners import Owner
from questions.attempts import drafts
from questions.attempts import services as attempts
from questions.attempts.draft_models import PageSave
from questions.attempts.models import Attempt, Response
from questions.enums import AttemptMode
from questions.personal_data import importer
from questions.personal_data.archive_reader import read
from questions.tests.attempt_steps import key_of
from questions.tests.factories import UserFactory, make_question
from questions.tests.personal_data.test_exporter import data_of, exported, rows_of
from questions.tests.personal_data_factories import AT

pytestmark = pytest.mark.django_db
EXPLAINED_AT_ONCE = ("practice", "today", "placement")


def begun(mode: str, name: str) -> Attempt:
    """An attempt at two questions of that type and a single choice, of which the first one is answered."""
    questions = [make_question(name), make_question(name), make_question("single_choice")]
    owner = Owner(visitor=uuid.uuid4())
    attempt = attempts.start(owner=owner, questions=questions, mode=mode, title="T", at=AT)
    answer = key_of(attempt.responses.select_related("revision").first())
    attempts.record_response(response=attempt.responses.get(position=1), answer=answer, at=AT, confidence="sure")
    for response in attempt.responses.all():
        drafts.save(response=response, page=PageSave(attempt.public_id), fields={"row-1": ["1"]}, at=AT)
    return attempt


@pytest.mark.parametrize("mode", AttemptMode.values)
@pytest.mark.parametrize("name", ["ordering", "matching"])
def test_the_order_of_options_that_tells_what_is_right_waits_for_the_end(mode: str, name: str) -> None:
    attempt = begun(mode, name)
    archive = exported(attempt.owner)
    told = data_of(archive)["attempts"][0]
    answered, unanswered, choice = told["responses"]
    stored = attempt.responses.first()
    is_shown = mode in EXPLAINED_AT_ONCE
    shown = [stored.option_order, stored.answer] if is_shown else [None, None]
    assert [answered["option_order"], answered["answer"]] == shown
    assert [len(one["drafts"]) for one in told["responses"]] == [int(is_shown), 0, 1]
    assert [unanswered["option_order"], told["seed"]] == [None, None]
    assert sorted(choice["option_order"]) == [0, 1, 2]
    assert answered["answered_at"] and rows_of(archive, "attempts")[0]["answered"] == "1"


@pytest.mark.parametrize("mode", ["practice", "exam", "interview"])
def test_after_the_end_everything_is_there(mode: str) -> None:
    attempt = begun(mode, "ordering")
    attempts.submit(attempt=attempt, at=AT)
    told = data_of(exported(attempt.owner))["attempts"][0]
    assert told["seed"] == attempt.seed
    assert [one["option_order"] for one in told["responses"]] == [one.option_order for one in attempt.responses.all()]
    assert [one["answer"] for one in told["responses"]] == [one.answer for one in attempt.responses.all()]


@pytest.mark.parametrize(("mode", "answered"), [("practice", 1), ("exam", 0), ("interview", 0)])
def test_an_import_asks_again_what_the_file_could_not_tell(mode: str, answered: int) -> None:
    document, owner = data_of(exported(begun(mode, "ordering").owner)), Owner(user_id=UserFactory().pk)
    summary = importer.import_data(owner=owner, data=read(json.dumps(document).encode()), at=AT)
    assert summary.imported["answers"] == answered
    mine = Response.objects.owned_by(owner).order_by("position")
    assert [sorted(response.option_order) for response in mine] == [[0, 1, 2]] * 3
    assert mine.answered().count() == answered
    assert set(mine.unanswered().values_list("confidence", flat=True)) == {""}
