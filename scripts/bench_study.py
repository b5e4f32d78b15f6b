"""Measure the server time of the study plan's pages for a candidate with years of answers: `make bench-study`.

It builds the same SQLite database each time, in a temporary folder: 2,000 cards and 50,000 reviews, each with its
response. If VAR_DIR is set, the database is kept there and used again.
"""

import argparse
import os
import statistics
import sys
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import django

sys.path.insert(0, str(Path(__file__).parent.parent))
os.environ["DJANGO_SETTINGS_MODULE"] = "quizsite.settings_test"  # creates the temporary folder
django.setup()

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from questions.attempts.models import Attempt, Response
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.bank.models.topics import FAQ, Guide, Takeaway, Topic
from questions.scheduling.fsrs_memory import Memory, Rating, memory_after, recall
from questions.scheduling.models import Card, Review
from questions.scheduling.plan_models import PlanTopic, StudyPlan

PAGES = ("/today/", "/plan/", "/progress/")
NAME = "candidate"
TOPICS = 14
REVIEWS_PER_CARD = 25  # mean number of reviews for each card
DAYS = 400
REQUESTS = 25


def create_questions(number: int) -> list[Question]:
    """Create and return that many published questions, spread over the topics."""
    topics = Topic.objects.bulk_create(
        Topic(slug=f"topic-{place}", title=f"Subject number {place}", summary="What it is about.", position=place)
        for place in range(1, TOPICS + 1)
    )
    guides = Guide.objects.bulk_create(Guide(topic=topic, title=topic.title, quick_answer="So.") for topic in topics)
    takeaways = Takeaway.objects.bulk_create(
        Takeaway(guide=guide, slug="one", position=1, text="Remember.") for guide in guides
    )
    faqs = FAQ.objects.bulk_create(
        FAQ(guide=guide, slug="one", position=1, question="Is it so?", answer="It is.") for guide in guides
    )
    questions = Question.objects.bulk_create(
        Question(
            topic=topics[place % TOPICS],
            slug=f"question-{place}",
            type="single_choice",
            status="published",
            stem=f"What does number {place} of these questions ask, in one line?\n\nAnd in another.",
            takeaway=takeaways[place % TOPICS] if place % 3 else None,
            faq=None if place % 3 else faqs[place % TOPICS],
        )
        for place in range(number)
    )
    at = datetime(2024, 1, 1, tzinfo=UTC)
    QuestionRevision.objects.bulk_create(
        QuestionRevision(
            question=question,
            number=1,
            content={"type": "single_choice", "stem": question.stem},
            digest=f"{question.pk:064d}",
            created_at=at,
        )
        for question in questions
    )
    return questions


def simulated_reviews(
    random: Random, questions: list[Question], begin: date
) -> Iterator[tuple[date, Question, dict[str, Any]]]:
    """Yield the day, the question and the field values of each review of one candidate, who remembers a little less
    than the model predicts."""
    memories: dict[int, Memory] = {}
    for number in range(DAYS):
        day = begin + timedelta(days=number)
        for question in random.sample(questions, REVIEWS_PER_CARD * len(questions) // DAYS):
            before = memories.get(question.pk)
            predicted = recall(before, day) if before else None
            chance = 0.4 if predicted is None else predicted - 0.04
            right, confidence = random.random() < chance, random.choice(["sure", "sure", "unsure", "guess", ""])
            rating = Rating.GOOD if right and confidence != "guess" else Rating.AGAIN
            memories[question.pk] = memory_after(before, rating, day)
            values = {
                "rating": rating,
                "fraction": float(right),
                "confidence": confidence,
                "predicted": predicted,
                "duration": timedelta(seconds=random.choice([15, 30, 45, 60, 900])),
            }
            yield day, question, values | {"memory": memories[question.pk]}


def build(cards: int) -> None:
    """Create a database with one candidate's cards, attempts, responses and reviews."""
    call_command("migrate", verbosity=0)
    user = get_user_model().objects.create_user(NAME)
    questions = create_questions(cards)
    today = datetime.now(UTC)
    begin = today.date() - timedelta(days=DAYS - 1)
    plan = StudyPlan.objects.create(
        user=user, interview_on=today.date() + timedelta(days=9), weekdays_off=[6], begun_on=begin, updated_at=today
    )
    PlanTopic.objects.bulk_create(PlanTopic(plan=plan, topic=topic) for topic in Topic.objects.all())
    revisions = {revision.question_id: revision for revision in QuestionRevision.objects.all()}

    attempts: dict[date, Attempt] = {}
    responses, reviews, memories, places = [], [], {}, dict[date, int]()
    for day, question, values in simulated_reviews(Random(1), questions, begin):
        memories[question.pk] = values.pop("memory")
        places[day] = places.get(day, 0) + 1
        at = datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9, minutes=places[day])
        attempt = attempts.setdefault(
            day, Attempt(user=user, title="Today", mode="today", status="submitted", seed=1, started_at=at)
        )
        attempt.submitted_at = at
        response = Response(
            attempt=attempt,
            position=places[day],
            revision=revisions[question.pk],
            option_order=[0, 1, 2],
            answer={"chosen": [0]},
            answered_at=at,
            **{name: values[name] for name in ("fraction", "confidence", "duration")},
        )
        responses.append(response)
        reviews.append(Review(user=user, question=question, response=response, day=day, at=at, **values))
    Attempt.objects.bulk_create(attempts.values())
    for response in responses:
        response.attempt_id = response.attempt.pk
    Response.objects.bulk_create(responses, batch_size=2000)
    for review, response in zip(reviews, responses, strict=True):
        review.response_id = response.pk
    Review.objects.bulk_create(reviews, batch_size=2000)
    created = []
    for place, question in enumerate(questions):
        card = Card(user=user, question=question, status={7: "known", 9: "suspended"}.get(place % 50, "active"))
        card.memory = memories[question.pk]
        created.append(card)
    Card.objects.bulk_create(created, batch_size=2000)


def measure(address: str) -> None:
    """Print the median server time of the page and its number of queries."""
    client = Client(SERVER_NAME="localhost")
    client.force_login(get_user_model().objects.get(username=NAME))
    with CaptureQueriesContext(connection) as captured:
        response = client.get(address)
    assert response.status_code == 200, (
        f"{address} returned status {response.status_code}. Delete the database in VAR_DIR and run this again."
    )
    queries = captured.captured_queries
    elapsed, cpu = [], []
    for _ in range(REQUESTS):
        start, cpu_start = time.perf_counter(), time.process_time()
        client.get(address)
        elapsed.append(1000 * (time.perf_counter() - start))
        cpu.append(1000 * (time.process_time() - cpu_start))
    print(
        f"{address:16} {statistics.median(elapsed):6.1f} ms, CPU time {statistics.median(cpu):6.1f} ms"
        f"   (fastest {min(elapsed):.1f}, slowest {max(elapsed):.1f})"
        f"   {len(queries)} queries   {len(response.content) / 1024:.0f} KiB"
    )


def main() -> None:
    """Print the cost of each page."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--cards", type=int, default=2000)
    cards = parser.parse_args().cards
    if not Path(settings.DATABASES["default"]["NAME"]).exists():
        build(cards)
    for address in PAGES:
        measure(address)


if __name__ == "__main__":
    main()
