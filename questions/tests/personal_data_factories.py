"""An owner with data of every kind that the site stores."""

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from questions import types
from questions.accounts.owners import Owner
from questions.attempts import drafts, regrading
from questions.attempts import services as attempts
from questions.attempts.draft_models import PageSave, stamp_of, stamp_of_marks
from questions.attempts.models import Attempt
from questions.bank import freezing
from questions.bank.models.questions import Question
from questions.enums import AttemptMode, Mode
from questions.interviews import closing
from questions.notes.models import Bookmark, Note
from questions.problem_reports import services as feedback
from questions.problem_reports.models import Reason
from questions.scheduling.plan_models import PlanTopic, StudyPlan
from questions.tests.attempt_steps import key_of, wrong_answer_to
from questions.tests.factories import FAQFactory, UserFactory, make_question

AT = datetime(2025, 3, 1, 12, tzinfo=UTC)
MARK = "Rosebud"


@dataclass(frozen=True)
class Bank:
    """A question of every type, and a guide with an FAQ, in one topic."""

    questions: list[Question]
    faq: object


def make_bank() -> Bank:
    faq = FAQFactory()
    return Bank([make_question(name, topic=faq.guide.topic) for name in types.names()], faq)


def taken(
    owner: Owner, questions: list[Question], *, mode: str = Mode.PRACTICE, at: datetime = AT, **options
) -> Attempt:
    """Return an attempt with the first answer wrong, the others right, and MARK in the answers to open questions."""
    attempt = attempts.start(owner=owner, questions=questions, mode=mode, title=f"{MARK}'s quiz", at=at, **options)
    for response in attempt.responses.select_related("attempt", "revision"):
        answer = wrong_answer_to(response) if response.position == 1 else key_of(response)
        if "text" in answer and "aloud" in answer:
            answer["text"] = f"{MARK} said so."
        attempts.record_response(
            response=response,
            answer=answer,
            at=at + timedelta(seconds=response.position),
            confidence="sure",
            duration=timedelta(seconds=7.25),
        )
    return attempt


def fill(owner: Owner, bank: Bank, *, staff=None) -> None:
    """Create data of every kind for the owner.

    It has a practice quiz on each of two days, a finished exam, an exam and an interview in progress, a study plan,
    a set-aside card, drafts of an open answer and of its marks, notes, bookmarks, two problem reports, and a
    regrade of the first question.
    """
    guide, questions = bank.faq.guide, bank.questions
    practice = taken(owner, questions)
    attempts.assess(attempt=practice, position=len(questions), met=[0, 1])
    attempts.submit(attempt=practice, at=AT + timedelta(hours=1))
    taken(owner, questions[:3], at=AT + timedelta(days=1))
    exam = taken(owner, questions[:2], mode=Mode.EXAM, at=AT + timedelta(days=2))
    attempts.submit(attempt=exam, at=AT + timedelta(days=2, hours=1))
    for mode in (AttemptMode.EXAM, AttemptMode.INTERVIEW):
        running = taken(
            owner,
            [*questions[:2], questions[-1]],
            mode=mode,
            at=AT + timedelta(days=3),
            time_limit=timedelta(days=9999),
        )
    closing.write_question(attempt=running, text=f"{MARK} asks why.", seen="")
    for part, fields in (("answer", {"text": [f"{MARK}, I would say."]}), ("marks", {"met": ["1"]})):
        last = practice.responses.get(position=len(questions))
        seen = stamp_of(last) if part == "answer" else stamp_of_marks(last)
        page = PageSave(uuid.UUID(int=last.pk), 3, seen=seen)
        drafts.save(response=last, page=page, fields=fields, at=AT + timedelta(hours=2), part=part)
    plan = StudyPlan.objects.create(
        **owner.fields,
        interview_on=AT.date() + timedelta(days=60),
        zone="Asia/Tokyo",
        weekdays_off=[6],
        dates_off=["2025-04-05"],
        begun_on=AT.date(),
        updated_at=AT,
        mock_interviews=False,
        calendar_id=uuid.uuid4(),
        reminders="weekly" if owner.user_id else "off",
        reminder_language="de" if owner.user_id else "",
        reminded_on=AT.date() if owner.user_id else None,
    )
    PlanTopic.objects.create(plan=plan, topic=guide.topic, weight=3)
    owner_cards = practice.responses.first().revision.question.cards.filter(**owner.fields)
    owner_cards.update(status="known")
    for target in ({"question": questions[0]}, {"guide": guide}, {"faq": bank.faq}):
        Note.objects.create(**owner.fields, **target, text=f"{MARK}: see {next(iter(target))}.", written_at=AT)
        Bookmark.objects.create(**owner.fields, **target, marked_at=AT)
    for place, reason in ((1, Reason.TYPO), (2, Reason.OTHER)):
        response = practice.responses.get(position=place)
        feedback.report(response=response, reason=reason, text=f"{MARK} doubts it.", at=AT)
    decided = practice.responses.get(position=1).report
    by = staff or UserFactory(is_staff=True)
    feedback.decide(report=decided, outcome="unchanged", reply="It is meant so.", by=by, at=AT + timedelta(days=1))
    regrade(questions[0], staff=by)


def regrade(question: Question, *, staff) -> None:
    """Give the second option half of the credit, and regrade the answers."""
    choice = question.choices.get(position=2)
    choice.weight = 0.5
    choice.save()
    fresh = Question.objects.get(pk=question.pk)
    found = regrading.plan(question=fresh)
    regrading.apply(
        question=fresh, digest=found.digest, expected=len(found.changes), reason="Half right.", by=staff, at=AT
    )
    freezing.freeze(questions=[fresh], at=AT)
