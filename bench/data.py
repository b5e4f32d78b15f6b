"""What the sites that are measured hold. Run in a process of its own for each: prints what the load needs as JSON."""

import argparse
import json
import os
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

TOPICS = 14
CANDIDATES = 500
ASKED = 10  # questions of each attempt, as many as the site offers by itself
AT_ONCE = 5_000


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
    """That many published questions with three options, feedback and a reference, spread over the topics."""
    from questions.models import Choice, Guide, Question, Reference, Section, Topic

    topics = Topic.objects.bulk_create(
        Topic(slug=f"topic-{n}", title=f"Subject {n}", summary="What it is about.", position=n)
        for n in range(101, 101 + TOPICS)
    )
    guides = Guide.objects.bulk_create(Guide(topic=topic, title=topic.title, quick_answer="So.") for topic in topics)
    Section.objects.bulk_create(
        Section(guide=guide, slug=f"s{n}", title=f"Part {n}", position=n, body="Some prose about it. " * 60)
        for guide in guides
        for n in range(1, 7)
    )
    made = Question.objects.bulk_create(
        (
            Question(
                topic=topics[n % TOPICS],
                slug=f"made-{n}",
                type="single_choice",
                status="published",
                stem=f"A service answers request number {n} with `202 Accepted`. What may the client rely on?",
                code=f"@app.post('/jobs/{n}')\ndef job():\n    queue.put({n})\n    return {{'id': {n}}}, 202\n",
                code_language="python",
                explanation="That is what the status says, and no more than that. " * 3,
            )
            for n in range(number)
        ),
        batch_size=AT_ONCE,
    )
    Choice.objects.bulk_create(
        (
            Choice(
                question=question,
                position=place,
                text=f"It relies on thing {place} of `{question.slug}`",
                weight=float(place == 1),
                feedback="This is why it holds, or why it does not.",
            )
            for question in made
            for place in (1, 2, 3)
        ),
        batch_size=AT_ONCE,
    )
    Reference.objects.bulk_create(
        (Reference(question=question, position=1, title="RFC 9110, “202 Accepted”") for question in made),
        batch_size=AT_ONCE,
    )


def responses_of(number: int) -> None:
    """That many answers of other people, in attempts of ASKED questions."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from questions.models import Attempt, Question, Response
    from questions.services import authoring

    at = timezone.now() - timedelta(days=30)
    revisions = list(authoring.freeze(questions=list(Question.objects.with_content()[:500]), at=at).values())
    users = User.objects.bulk_create(User(username=f"other-{n}") for n in range(200))
    for start in range(0, number, 100 * ASKED):
        count = min(100 * ASKED, number - start) // ASKED
        attempts = Attempt.objects.bulk_create(
            Attempt(
                user=users[(start // ASKED + n) % len(users)],
                title="A quiz",
                mode="practice",
                status="submitted",
                seed=1,
                started_at=at,
                submitted_at=at,
            )
            for n in range(count)
        )
        Response.objects.bulk_create(
            (
                Response(
                    attempt=attempt,
                    position=place,
                    revision=revisions[(attempt.pk * 7 + place) % len(revisions)],
                    option_order=[2, 0, 1],
                    answer={"chosen": [place % 3]},
                    fraction=float(place % 3 == 0),
                    answered_at=at,
                    duration=timedelta(seconds=20),
                )
                for attempt in attempts
                for place in range(1, ASKED + 1)
            ),
            batch_size=2_000,
        )


def site(questions: int, responses: int) -> dict[str, Any]:
    """The site with so many questions and answers, and candidates who are in the middle of a practice quiz."""
    from django.contrib.auth.models import User
    from django.utils import timezone

    from questions.models import Owner, Question, Topic
    from questions.services import attempts

    questions_of(questions)
    responses_of(responses)
    asked = list(Question.objects.published().select_related("topic")[:ASKED])
    sessions, addresses = [], []
    for n in range(CANDIDATES):
        user = User.objects.create_user(f"candidate-{n}")
        attempt = attempts.start(
            owner=Owner(user_id=user.pk), questions=asked, mode="practice", title="A quiz", at=timezone.now()
        )
        sessions.append(session_of(user))
        addresses.append(attempt.get_absolute_url())
    return {
        "sessions": sessions,
        "attempts": addresses,
        "asked": ASKED,
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

    call_command("migrate", verbosity=0, run_syncdb=True)
    print(json.dumps(floor() if options.floor else site(options.questions, options.responses)))


if __name__ == "__main__":
    main()
