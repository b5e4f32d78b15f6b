"""The reader of personal data: round trips, and clear errors for any other file."""

import json
import zipfile
from contextlib import suppress
from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.personal_data import archive_reader, schema
from questions.personal_data.archive_reader import Unreadable, read
from questions.tests.personal_data.steps import empty, plain, text_of, with_change, zip_of, zipped
from questions.tests.personal_data.strategies import documents, json_values


def refused(content: bytes | str | dict[str, Any]) -> str:
    """Return the error message for a file that is refused."""
    if isinstance(content, dict):
        content = json.dumps(content)
    with pytest.raises(Unreadable) as problem:
        read(content.encode() if isinstance(content, str) else content)
    return str(problem.value)


@given(documents)
def test_round_trip(document) -> None:
    assert read(text_of(document).encode()) == document
    assert read(zip_of(document)) == document


@given(documents, st.integers(0, 10_000), json_values)
def test_changed_value_is_read_or_reported(document, number: int, change) -> None:
    content = json.dumps(with_change(plain(document), number, change)).encode(errors="surrogatepass")
    with suppress(Unreadable):
        assert read(content).keys() == document.keys()


@given(json_values | documents.map(lambda one: {"format": schema.FORMAT, "attempts": one["attempts"]}))
def test_json_of_another_shape_is_reported(value) -> None:
    assert refused(json.dumps(value, default=str))


@given(st.binary(max_size=200) | st.binary(max_size=200).map(lambda tail: b"PK\x03\x04" + tail))
def test_random_bytes_are_reported(content: bytes) -> None:
    assert refused(content)


@given(st.integers(0, 2000), st.integers(0, 255))
def test_damaged_zip_is_read_or_reported(place: int, byte: int) -> None:
    content = bytearray(zipped(data=json.dumps(empty())))
    content[place % len(content)] = byte
    with suppress(Unreadable):
        assert read(bytes(content))["format"] == schema.FORMAT


def test_byte_order_mark_is_accepted() -> None:
    assert read(b"\xef\xbb\xbf" + json.dumps(empty()).encode())["attempts"] == []


REVISION = {"question": ["http", "verbs"], "digest": "0" * 64, "content": None}
RESPONSE = {
    "position": 1,
    "revision": 0,
    "option_order": [0, 1],
    "answer": {"chosen": [0]},
    "fraction": 1.0,
    "confidence": "",
    "flagged": False,
    "answered_at": "2026-03-01T12:00:00+00:00",
    "seconds": None,
    "drafts": [],
    "review": {"day": "2026-03-01", "rating": 3, "predicted": None, "undone_at": None},
}
ATTEMPT = {
    "public_id": "6f1c2b9e-5d0a-4c53-9a53-0d7e9d1f3b11",
    "title": "A quiz",
    "quiz": None,
    "mode": "practice",
    "status": "submitted",
    "seed": 1,
    "started_at": "2026-03-01T11:00:00+00:00",
    "deadline_at": None,
    "submitted_at": "2026-03-01T12:30:00+00:00",
    "imported_at": None,
    "responses": [RESPONSE, RESPONSE | {"position": 2}],
}
NOTE = {"on": "guide", "key": ["http"], "text": "Mine.", "written_at": "2026-03-01T12:00:00Z"}
PLAN: dict[str, Any] = {
    "interview_on": None,
    "zone": "UTC",
    "minutes": 20,
    "weekdays_off": [],
    "dates_off": [],
    "retention": 0.9,
    "begun_on": "2026-03-01",
    "updated_at": "2026-03-01T12:00:00Z",
    "topics": [],
}


def attempt_with(**fields: Any) -> dict[str, Any]:
    return empty(revisions=[REVISION], attempts=[ATTEMPT, ATTEMPT | {"public_id": "0" * 32} | fields])


def response_with(**fields: Any) -> dict[str, Any]:
    return attempt_with(responses=[RESPONSE, RESPONSE | {"position": 2} | fields])


DRAFT = {
    "part": "answer",
    "page": "6f1c2b9e-5d0a-4c53-9a53-0d7e9d1f3b12",
    "number": 3,
    "seen": "",
    "fields": {"text": ["A text."]},
    "saved_at": "2026-03-01T12:00:00+00:00",
}


def with_drafts(*drafts: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return attempt_with(responses=[RESPONSE | {"drafts": drafts} | fields])


def test_file_from_before_there_were_drafts_is_accepted() -> None:
    response = {name: value for name, value in RESPONSE.items() if name != "drafts"}
    document = read(json.dumps(attempt_with(responses=[response])).encode())
    assert [list(one["drafts"]) for one in document["attempts"][0]["responses"]] == [[], []]
    assert "is not known" in refused(attempt_with(responses=[response | {"other": 1}]))


@pytest.mark.parametrize(
    ("drafts", "place"),
    [
        ([DRAFT, DRAFT], ".drafts: has two drafts of the same page"),
        ([DRAFT | {"part": "note"}], ".drafts[0].part"),
        ([DRAFT | {"part": "marks"}], ".drafts[0].fields: must contain only “met”"),
        ([DRAFT | {"number": 2**31}], ".drafts[0].number"),
        ([DRAFT | {"fields": ["text"]}], ".drafts[0].fields: must be an object"),
        ([DRAFT | {"fields": {"text": "A text."}}], ".drafts[0].fields: must be a list"),
        ([DRAFT | {"fields": {"text": ["\0"]}}], ".drafts[0].fields[0]"),
        ([DRAFT | {"fields": {"": []}}], ".drafts[0].fields: is empty"),
        ([DRAFT | {"fields": {"a": ["x" * 30_000], "b": ["x" * 30_000]}}], "longer than 50000 characters"),
        ([DRAFT | {"fields": {str(number): [] for number in range(1001)}}], "more than 1000 entries"),
        ([DRAFT | {"page": f"{number:032x}"} for number in range(21)], "more than 20 entries"),
    ],
)
def test_drafts_that_no_page_saves_are_refused(drafts: list[dict[str, Any]], place: str) -> None:
    assert place in refused(with_drafts(*drafts))


def test_drafts_need_the_order_of_the_options() -> None:
    hidden = {"option_order": None, "answer": None, "fraction": None, "review": None}
    assert read(json.dumps(with_drafts(**hidden)).encode())
    assert ".drafts: is allowed only with “option_order”" in refused(with_drafts(DRAFT, **hidden))


def test_valid_attempt_is_accepted() -> None:
    assert len(read(json.dumps(attempt_with()).encode())["attempts"]) == 2


@pytest.mark.parametrize(
    ("document", "place", "words"),
    [
        (response_with(fraction=1.5), "attempts[1].responses[1].fraction", "a number from 0 to 1"),
        (response_with(fraction=True), "attempts[1].responses[1].fraction", "a number from 0 to 1"),
        (response_with(flagged=1), "attempts[1].responses[1].flagged", "true or false"),
        (response_with(position=1), "attempts[1].responses", "two answers at the same position"),
        (response_with(position=1.0), "attempts[1].responses[1].position", "a whole number"),
        (response_with(revision=1), "attempts[1].responses[1].revision", "not in the file"),
        (response_with(answer=None), "attempts[1].responses[1].answered_at", "is required with an answer"),
        (response_with(fraction=None), "attempts[1].responses[1].review", "allowed only with “answer” and “fraction”"),
        (
            response_with(answer=None, answered_at=None),
            "attempts[1].responses[1].review",
            "allowed only with “answer” and “fraction”",
        ),
        (response_with(review={"day": 5}), "attempts[1].responses[1].review.day", "a date such as"),
        (response_with(answered_at=None), "attempts[1].responses[1].answered_at", "is required with an answer"),
        (response_with(answer={"text": "a\0b"}), "attempts[1].responses[1].answer", "an invalid character"),
        (response_with(answer={"text": "\ud800"}), "attempts[1].responses[1].answer", "an invalid character"),
        (response_with(answer=[[[[[[[]]]]]]]), "attempts[1].responses[1].answer", "nested too deeply"),
        (response_with(confidence="very"), "attempts[1].responses[1].confidence", "one of “”, guess, unsure, sure"),
        (attempt_with(status="in_progress"), "attempts[1].submitted_at", "required if the attempt has ended"),
        (attempt_with(submitted_at=None), "attempts[1].submitted_at", "required if the attempt has ended"),
        (attempt_with(deadline_at=ATTEMPT["started_at"]), "attempts[1].deadline_at", "after “started_at”"),
        (attempt_with(started_at="2026-03-01T11:00:00"), "attempts[1].started_at", "include a time zone"),
        (attempt_with(started_at="0001-01-01T00:00:00+14:00"), "attempts[1].started_at", "between the years"),
        (attempt_with(started_at="soon"), "attempts[1].started_at", "a time such as"),
        (attempt_with(started_at=5), "attempts[1].started_at", "a time such as"),
        (attempt_with(public_id="x"), "attempts[1].public_id", "a UUID such as"),
        (attempt_with(public_id=ATTEMPT["public_id"]), "attempts", "two attempts with the same ID"),
        (attempt_with(title="x" * 201), "attempts[1].title", "longer than 200 characters"),
        (attempt_with(title=None), "attempts[1].title", "must be a string"),
        (attempt_with(colour="red"), "attempts[1].colour", "not known in this format"),
        (attempt_with(seed=2**63), "attempts[1].seed", "a whole number"),
        (attempt_with(responses={}), "attempts[1].responses", "a list"),
        (empty(attempts=[5]), "attempts[0]", "an object"),
        (empty(attempts=[{}]), "attempts[0].public_id", "is missing"),
        (empty(notes=[NOTE | {"text": "x" * 10_001}]), "notes[0].text", "longer than 10000"),
        (empty(notes=[NOTE | {"text": ""}]), "notes[0].text", "is empty"),
        (empty(notes=[NOTE | {"key": ["http", "verbs"]}]), "notes[0].key", "a list of exactly 1 slug."),
        (empty(notes=[NOTE | {"on": "faq"}]), "notes[0].key", "a list of exactly 2 slugs."),
        (empty(plan=PLAN | {"minutes": 0}), "plan.minutes", "a whole number from 1 to 480"),
        (empty(plan=PLAN | {"retention": 0.98}), "plan.retention", "a number from 0.7 to 0.97"),
        (empty(plan=PLAN | {"dates_off": ["1899-01-01"]}), "plan.dates_off[0]", "between the years"),
        (empty(plan=PLAN | {"topics": [{"topic": "a", "weight": 1}] * 2}), "plan.topics", "names a topic twice"),
        (empty(revisions=[REVISION | {"question": ["one"]}]), "revisions[0].question", "a topic and a question"),
        (response_with(option_order=None), "attempts[1].responses[1].answer", "allowed only with “option_order”"),
        (empty(made_at=None), "made_at", "a time such as"),
    ],
)
def test_error_names_its_location(document: dict[str, Any], place: str, words: str) -> None:
    said = refused(document)
    assert said.partition(":")[0] == place
    assert words in said


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "invalid JSON"),
        ("[1,", "Line 1, column 4: invalid JSON"),
        ("[]", "“format” is missing"),
        ("{}", "“format” is missing"),
        ('{"format": "quizsite-data/2"}', "not in the format “quizsite-data/1”"),
        ('{"format": []}', "not in the format"),
        ('{"format": NaN}', "“NaN”, which is not a valid number"),
        ('{"format": ' + "9" * 5000 + "}", "a number that is too long"),
        ("[" * 100_000, "nested too deeply"),
        (b"\xff\xfe", "not in UTF-8"),
        ("[" + "," * archive_reader.MOST_VALUES, "more values"),
        (b" " * (archive_reader.MOST_BYTES + 1), "too large. The limit is 20 MB"),
        (zipped(other="{}"), "does not contain data.json"),
        (zipped(data="[]"), "“format” is missing"),
        (zipped(data="[]")[:-10], "damaged"),
        (zipped(data=" " * (archive_reader.MOST_BYTES + 1)), "too large. The limit is 20 MB"),
        (zipped(**{f"n{number}": "" for number in range(101)}), "too many files"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else f"{len(value)} bytes",
)
def test_other_files_are_reported(content: bytes | str, words: str) -> None:
    assert words in refused(content)


def test_zip_with_a_false_size_is_not_unpacked_beyond_it() -> None:
    honest = zipped(data=json.dumps(empty()) + " " * 5_000_000)
    size = (len(json.dumps(empty())) + 5_000_000).to_bytes(4, "little")
    assert honest.count(size) == 2  # in the local header and in the central directory
    assert "damaged" in refused(honest.replace(size, (10).to_bytes(4, "little")))


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_methods_that_need_much_memory_are_refused(method: int) -> None:
    file = BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.writestr("data.json", json.dumps(empty()))
    assert refused(file.getvalue())
