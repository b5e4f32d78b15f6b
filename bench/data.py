"""What the sites that are measured hold. Run in a process of its own for each: prints what the load needs as JSON."""

import argparse
import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

TOPICS = 14
SPOKEN = 4  # questions of each topic that are asked aloud
DRAFTS = 20  # published questions for each draft
CANDIDATES = 1_500  # who are all asked the same questions
DRAWN = 1_000  # candidates who are asked any of all questions
MEMBERS = 20  # candidates who are between two quizzes
WRITERS = 6  # candidates whose pages save drafts again and again in a practice quiz, and as many in an exam
OPTIONS = 3
ASKED = 10  # questions of each attempt, as many as the site offers by itself
ANSWERED = 50  # questions by each of the others
ANSWERING = 5_000  # attempts of others that are all different
FROZEN = 500  # questions at once
AT_ONCE = 5_000
BODY = """\
A client that gets `202 Accepted` knows that the request was **understood**, not that it was carried out.

- The server may still fail, and then it has *no way* to change its response.
- The response should name a place to ask for the outcome.
- A client that does not hear of it asks again after a while.

| Status | What the client knows | What it does next |
|---|---|---|
| `201` | there is something new | reads `Location` |
| `202` | there may be something new | asks later |
| `204` | it is done, and there is nothing to show | goes on |

```python
@app.post("/jobs/")
def create(job: Job) -> Response:
    number = queue.put(job)
    return Response(status=202, headers={"Location": f"/jobs/{number}"})
```

What comes next depends on the client. Somebody in front of a page wants to see that it goes on; another program
wants one address that it can ask, and a hint how often.
"""  # of a guide's section: what Markdown costs shows only in text that has some


def session_of(user: Any) -> str:
    """The key of a session in which the user is logged in."""
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore

    session = SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return str(session.session_key)


def floor() -> dict[str, Any]:
    """A user, and 300 questions with four choices."""
    from django.contrib.auth.models import User

    from bench.floor.models import Choice, Question

    questions = Question.objects.bulk_create(Question(stem=f"What does number {n} of them do?") for n in range(300))
    Choice.objects.bulk_create(
        Choice(question=question, text=f"It does thing number {n}") for question in questions for n in range(4)
    )
    return {"sessions": [session_of(User.objects.create_user("candidate"))], "first": questions[0].pk}


def questions_of(number: int) -> None:
    """That many published questions with feedback and a reference, spread over the topics, and some drafts.

    Each topic has the same guide and as many questions that are asked aloud, so that the pages say the same on a large
    site as on a small one; all other questions are single choice.
    """
    from questions.attempts.quiz_models import Quiz, QuizItem
    from questions.bank.models.question_parts import Choice, FollowUp, Reference
    from questions.bank.models.questions import Question
    from questions.bank.models.topics import Guide, Section, Topic

    topics = Topic.objects.bulk_create(
        Topic(slug=f"topic-{n}", title=f"Subject {n}", summary="What it is about.", position=n)
        for n in range(101, 101 + TOPICS)
    )
    guides = Guide.objects.bulk_create(Guide(topic=topic, title=topic.title, quick_answer="So.") for topic in topics)
    Section.objects.bulk_create(
        Section(guide=guide, slug=f"s{n}", title=f"Part {n}", position=n, body=BODY)
        for guide in guides
        for n in range(1, 7)
    )
    made = Question.objects.bulk_create(
        (
            Question(
                topic=topics[n % TOPICS],
                slug=f"made-{n}",
                type="open" if n < SPOKEN * TOPICS else "single_choice",
                status="published" if n < number else "draft",
                difficulty=("easy", "medium", "medium", "hard")[n % 4],
                stem=f"A service answers request number {n} with `202 Accepted`. What may the client rely on?",
                code=f"@app.post('/jobs/{n}')\ndef job():\n    queue.put({n})\n    return {{'id': {n}}}, 202\n",
                code_language="python",
                explanation="That is what the status says, and no more than that. " * 3,
            )
            for n in range(number + number // DRAFTS)
        ),
        batch_size=AT_ONCE,
    )
    spoken, chosen = made[: SPOKEN * TOPICS], made[SPOKEN * TOPICS :]
    FollowUp.objects.bulk_create(FollowUp(question=question, position=1, text="And then?") for question in spoken)
    Choice.objects.bulk_create(
        (
            Choice(
                question=question,
                position=place,
                text=f"It relies on thing {place} of `{question.slug}`",
                weight=float(place == 1),
                feedback="This is why it holds, or why it does not.",
            )
            for question in chosen
            for place in range(1, OPTIONS + 1)
        ),
        batch_size=AT_ONCE,
    )
    Reference.objects.bulk_create(
        (Reference(question=question, position=1, title="RFC 9110, “202 Accepted”") for question in made),
        batch_size=AT_ONCE,
    )
    quizzes = Quiz.objects.bulk_create(
        Quiz(slug=f"quiz-{n}", title=f"Quiz {n}", position=n, is_published=True) for n in range(1, 6)
    )
    QuizItem.objects.bulk_create(
        QuizItem(quiz=quiz, question=chosen[quiz.position * ASKED + place], position=place)
        for quiz in quizzes
        for place in range(1, ASKED + 1)
    )


def people(prefix: str, number: int) -> list[Any]:
    """That many users, who cannot log in."""
    from django.contrib.auth.hashers import make_password
    from django.contrib.auth.models import User

    return User.objects.bulk_create(
        (User(username=f"{prefix}-{n}", password=make_password(None)) for n in range(number)), batch_size=AT_ONCE
    )


def attempts_of(users: list[Any], *, mode: str = "practice", **values: Any) -> list[Any]:
    """An attempt of each of the users, one after the other in the last month."""
    from django.utils import timezone

    from questions.attempts.models import Attempt

    begin, apart = timezone.now() - timedelta(days=30), timedelta(days=29) / len(users)
    return Attempt.objects.bulk_create(
        (
            Attempt(user=user, title="A quiz", mode=mode, seed=n, started_at=begin + n * apart, **values)
            for n, user in enumerate(users)
        ),
        batch_size=AT_ONCE,
    )


def asked_in(attempts: list[Any], revisions: list[Any], **values: Any) -> None:
    """Asks ASKED of the revisions, drawn at random, in each of the attempts, each with its own order of options."""
    from questions.attempts.models import Response

    random = Random(1)  # noqa: S311 - a draw, no secret
    Response.objects.bulk_create(
        (
            Response(
                attempt=attempt,
                position=place,
                revision=revision,
                option_order=random.sample(range(OPTIONS), OPTIONS),
                **values,
            )
            for attempt in attempts
            for place, revision in enumerate(random.sample(revisions, ASKED), 1)
        ),
        batch_size=AT_ONCE,
    )


def writers(prefix: str, mode: str, revisions: list[Any]) -> dict[str, list[str]]:
    """The sessions and the attempts of WRITERS candidates in this mode who are asked the revisions."""
    from django.utils import timezone

    users = people(prefix, WRITERS)
    attempts = attempts_of(users, mode=mode, deadline_at=timezone.now() + timedelta(days=1))
    asked_in(attempts, revisions)
    return {
        f"{prefix}_sessions": [session_of(user) for user in users],
        f"{prefix}_attempts": [attempt.get_absolute_url() for attempt in attempts],
    }


def responses_of(number: int, revisions: list[Any]) -> list[Any]:
    """That many answers of people who have given ANSWERED each; returns those people."""
    from django.db import connection
    from django.utils import timezone

    from questions.attempts.models import Attempt

    users = people("other", number // ANSWERED)
    at = timezone.now() - timedelta(days=1)
    attempts = attempts_of(users * (ANSWERED // ASKED), status="submitted", submitted_at=at)
    first, others = attempts[:ANSWERING], attempts[ANSWERING:]
    values = {"answer": {"chosen": [0]}, "fraction": 1.0, "answered_at": at, "duration": timedelta(seconds=20)}
    asked_in(first, revisions, **values)
    if others:  # are asked what the first were, which the database can do by itself
        copied = "position, revision_id, option_order, answer, fraction, confidence, flagged, answered_at, duration"
        with connection.cursor() as cursor:
            cursor.execute(
                f"INSERT INTO questions_response (attempt_id, {copied})"  # noqa: S608 - names alone
                f" SELECT a.id, r.{copied.replace(', ', ', r.')} FROM questions_attempt a"
                " JOIN questions_response r ON r.attempt_id = %s + (a.id - %s) %% %s WHERE a.id >= %s ORDER BY a.id",
                [first[0].pk, first[0].pk, ANSWERING, others[0].pk],
            )
    assert Attempt.objects.filter(responses__isnull=True).count() == 0
    return users


def site(questions: int, responses: int) -> dict[str, Any]:
    """The site with so many questions and answers, and candidates who are in the middle of a practice quiz."""
    from django.utils import timezone

    from questions.bank import freezing
    from questions.bank.models.questions import Question
    from questions.bank.models.topics import Topic

    questions_of(questions)
    published = list(Question.objects.published().of_type(["single_choice"]))
    revisions: list[Any] = []
    for start in range(0, len(published), FROZEN):
        revisions += freezing.freeze(questions=published[start : start + FROZEN], at=timezone.now()).values()
    open_questions = list(Question.objects.published().of_type(["open"]))
    spoken = list(freezing.freeze(questions=open_questions, at=timezone.now()).values())
    both = revisions[: ASKED // 2] + spoken[: ASKED // 2]
    members = responses_of(responses, revisions)[:MEMBERS]
    candidates, others = people("candidate", CANDIDATES), people("drawn", DRAWN)
    attempts, drawn = attempts_of(candidates), attempts_of(others)
    asked_in(attempts, revisions[:ASKED])  # as in a quiz that was put together by hand
    asked_in(drawn, revisions)
    return {
        **writers("writing", "practice", both),
        **writers("examined", "exam", both),
        "sessions": [session_of(user) for user in candidates],
        "attempts": [attempt.get_absolute_url() for attempt in attempts],
        "drawn_sessions": [session_of(user) for user in others],
        "drawn_attempts": [attempt.get_absolute_url() for attempt in drawn],
        "asked": ASKED,
        "members": [session_of(user) for user in members],
        "topic": Topic.objects.get(slug="topic-101").get_absolute_url(),
    }


def main() -> None:
    """Fills the database that VAR_DIR or DATABASE_URL name."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--floor", action="store_true")
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--responses", type=int, default=1_000)
    options = parser.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.floor.settings" if options.floor else "quizsite.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import transaction

    call_command("migrate", verbosity=0, run_syncdb=True)
    with transaction.atomic():
        made = floor() if options.floor else site(options.questions, options.responses)
    if not options.floor:
        call_command("upkeep", verbosity=0)  # as every site does once a day
    print(json.dumps(made))


if __name__ == "__main__":
    main()
