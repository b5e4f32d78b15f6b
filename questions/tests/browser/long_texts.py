"""A site in which every text is long: identifiers and URLs without a space, long lines of code, and wide tables."""

from datetime import timedelta

from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions import types
from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt, Response
from questions.attempts.regrade_models import Regrade, RegradedResponse
from questions.bank.models.question_parts import Choice, FollowUp, Reference, RubricCriterion
from questions.bank.models.questions import Question
from questions.bank.models.topics import Guide, Topic
from questions.enums import AttemptMode, Confidence, Mode
from questions.notes import services as notes
from questions.problem_reports.models import Outcome, QuestionReport, Reason
from questions.scheduling.models import Card, CardStatus, Review
from questions.tests.attempt_steps import key_of, note_on, page_of, visitor_attempt, wrong_answer_to
from questions.tests.factories import (
    CodeListingFactory,
    ComparisonFactory,
    ComparisonRowFactory,
    FAQFactory,
    GuideFactory,
    PictureFactory,
    PlanTopicFactory,
    QuizFactory,
    QuizItemFactory,
    SectionFactory,
    StudyPlanFactory,
    TakeawayFactory,
    TopicFactory,
    make_question,
)
from questions.types import UNKNOWN

WORD = "name_of_a_setting_that_nobody_has_ever_been_able_to_abbreviate_"[:63]
URL = f"https://docs.example.org/en/5.2/topics/{WORD}"
WORDS = f"{WORD} {URL}"
LINE = f"result = [name for name in {WORD} if name.startswith('something')]  # {'x' * 80}"
HEAD = "| setting | default | type | since | until | required | values | see |"
TABLE = f"{HEAD}\n|{'---|' * 8}\n| `{WORD}` | none | text | 5.2 | 6.0 | no | some | {URL} |"
MARKDOWN = f"{WORDS}\n\n```python\n{LINE}\n```\n\n{TABLE}"
WIDE = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 3000 40"><rect width="3000" height="40" /></svg>'
EMAIL = f"{WORD}@{'mail.' * 14}example.org"  # no longer than a user name may be


def guide_with_long_texts() -> Guide:
    """Return a guide with each kind of content."""
    topic = TopicFactory(title=f"Topic {WORD}", summary=WORDS)
    guide = GuideFactory(topic=topic, title=f"Guide {WORD}", quick_answer=WORDS, holds_for=WORDS)
    PictureFactory(name="wide", svg=WIDE, caption=WORD)
    body = f"{MARKDOWN}\n\n![](picture:wide)\n\n![](picture:{WORD})"
    section = SectionFactory(guide=guide, title=f"Section {WORD}", body=body)
    CodeListingFactory.create_batch(2, section=section, title=f"Listing {WORD}", note=WORDS, code=LINE, output=LINE)
    comparison = ComparisonFactory(guide=guide, title=WORD, subject=WORD[:60], columns=[WORD, "Other"], note=WORDS)
    for number in range(3):
        ComparisonRowFactory(comparison=comparison, feature=f"{number} {WORD}", cells=[f"Yes, `{WORD}`", URL])
    TakeawayFactory(guide=guide, text=WORDS)
    return guide


def question_with_long_texts(type_name: str, topic: Topic) -> Question:
    """Return a question of that type with its parts."""
    texts = {"stem": MARKDOWN, "explanation": WORDS, "holds_for": WORD, "code": LINE, "code_language": "python"}
    if type_name == "open":
        texts["model_answer"] = MARKDOWN
    if type_name == "find_lines":
        texts["code"] = "\n".join([LINE] * 5)
    question = make_question(type_name, topic=topic, **texts)
    choices = list(Choice.objects.filter(question=question))
    for choice in choices:
        text = MARKDOWN if choice == choices[0] else WORDS  # axe takes long for a page with many tables
        choice.feedback = text
        if type_name == "short_answer":
            choice.text = f"{choice.text}{WORD}"
        elif choice.text and type_name not in ("numeric", "find_lines"):
            choice.text = f"{choice.text} {text}"
        if choice.match:
            choice.match = f"{choice.match} {WORD} {WORD}"
    Choice.objects.bulk_update(choices, ["text", "feedback", "match"])
    for criterion in RubricCriterion.objects.filter(question=question):
        criterion.text = MARKDOWN if criterion.position == 1 else WORDS
        criterion.save()
    FollowUp.objects.filter(question=question).update(text=WORDS, model_answer=MARKDOWN)
    Reference.objects.filter(question=question).update(title=URL[:200], url=URL)
    return question


def long_answer_to(response: Response) -> dict:
    """Return a wrong answer, long where it is typed."""
    answer = wrong_answer_to(response)
    if response.revision.item().type == "short_answer":
        answer["text"] = WORD * 7
    return answer | ({"text": WORDS, "follow_ups": {"0": WORDS}} if response.revision.item().type == "open" else {})


def answered(attempt: Attempt, answer, **fields) -> Attempt:
    for place in attempt.responses.all():
        attempts.record_response(response=place, answer=answer(place), at=timezone.now(), **fields)
    return attempt


def study(owner: Owner, topic: Topic, questions: list[Question]) -> None:
    """Give the owner a plan, cards that were set aside, and reviews that fill the progress page."""
    plan = StudyPlanFactory(
        user=None, visitor=owner.visitor, interview_on=timezone.localdate() + timedelta(days=9), minutes=1
    )
    PlanTopicFactory(plan=plan, topic=topic)
    Review.objects.update(confidence=Confidence.SURE, fraction=0, predicted=0.8)
    for question, status in zip(questions, (CardStatus.LEECH, CardStatus.SUSPENDED, CardStatus.KNOWN), strict=False):
        Card.objects.filter(question=question).update(status=status)


def correct(attempt: Attempt) -> None:
    """Give the attempt's first response problem reports, a regrade, and a question that says something else now."""
    place, now = attempt.responses.select_related("revision__question").first(), timezone.now()
    question = place.revision.question
    fields = {"revision": place.revision, "reason": Reason.OTHER, "text": WORDS, "reported_at": now}
    decision = {"outcome": Outcome.CORRECTED, "reply": WORDS, "decided_at": now}
    QuestionReport.objects.create(response=place, **fields, **decision)
    regrade = Regrade.objects.create(question=question, revision=place.revision, reason=WORDS, done_at=now)
    RegradedResponse.objects.create(regrade=regrade, response=place, before=0, after=1)
    Question.objects.filter(pk=question.pk).update(stem=MARKDOWN.replace("setting", "option"))


def placement_test(client: Client, topic: Topic) -> Attempt:
    """Return a placement test with one answer and the next question."""
    questions = [question_with_long_texts("single_choice", topic) for _ in range(2)]
    attempt = visitor_attempt(client, *questions, mode=AttemptMode.PLACEMENT)
    attempts.record_response(response=attempt.responses.first(), answer=UNKNOWN, at=timezone.now())
    return attempt


def addresses_of_every_page(client: Client) -> list[str]:
    """Return an address of every kind of page a candidate sees, for the client's session."""
    guide = guide_with_long_texts()
    topic = guide.topic
    faq = FAQFactory(guide=guide, question=f"{WORD}?", answer=WORDS)
    questions = [question_with_long_texts(name, topic) for name in types.names()]
    quiz = QuizFactory(title=f"Quiz {WORD}", description=MARKDOWN)
    for position, question in enumerate(questions, 1):
        QuizItemFactory(quiz=quiz, question=question, position=position)

    right = answered(visitor_attempt(client, *questions), key_of, confidence=Confidence.SURE)
    fresh = visitor_attempt(client, *questions)
    exam = visitor_attempt(client, *questions, mode=Mode.EXAM, time_limit=timedelta(minutes=30))
    ended = answered(visitor_attempt(client, *questions[::3]), long_answer_to)
    attempts.submit(attempt=ended, at=timezone.now())
    for kind, pk in (("guide", guide.pk), ("faq", faq.pk), ("question", questions[0].pk)):
        place = {"owner": fresh.owner, "kind": kind, "pk": pk, "at": timezone.now()}
        notes.set_bookmark(**place, marked=True)
        notes.write_note(**place, text=f"Mind the walrus. {WORDS} {LINE}")
    interviews = {"mode": AttemptMode.INTERVIEW, "time_limit": timedelta(minutes=30)}
    interview = visitor_attempt(client, *questions, **interviews)
    spoken = types.names().index("open") + 1
    followed_up = answered(visitor_attempt(client, questions[spoken - 1], **interviews), long_answer_to)
    asked = (questions[0], questions[spoken - 1])
    held = [answered(visitor_attempt(client, *asked, **interviews), long_answer_to) for _ in range(2)]
    for attempt in held:
        attempts.submit(attempt=attempt, at=timezone.now())
    attempts.assess(attempt=held[1], position=2, met=[1])
    study(fresh.owner, topic, questions)
    placed, running = (placement_test(client, topic) for _ in range(2))
    attempts.submit(attempt=placed, at=timezone.now())
    correct(ended)
    Attempt.objects.update(title=f"Quiz {WORDS}"[:200], closing_question=WORDS)
    return [
        *("/", reverse("topics"), topic.get_absolute_url(), reverse("practice"), quiz.get_absolute_url()),
        *(reverse("history"), reverse("preferences"), reverse("search") + "?q=the", reverse("search") + "?q=walrus"),
        *(f"/search/?q={WORD}", "/notes/", "/notes/?q=walrus", "/notes/?q=zebra"),
        *(note_on("faq", faq.pk), note_on("question", questions[0].pk)),
        *(reverse("account_login"), reverse("account_signup"), reverse("account_reset_password"), "/nowhere/"),
        *(page_of(attempt, n) for attempt in (fresh, right) for n in range(1, len(questions) + 1)),
        *(reverse("today"), reverse("plan"), reverse("aside"), reverse("progress")),
        *(reverse("placement"), reverse("placement-question", args=[running.public_id])),
        reverse("placement-result", args=[placed.public_id]),
        *(reverse("corrections", args=[topic.slug]), reverse("report", args=[fresh.public_id, 1]), "/reports/"),
        *(reverse("interview"), page_of(interview), page_of(interview, spoken), page_of(followed_up)),
        reverse("closing", args=[interview.public_id]),
        *(reverse("result", args=[attempt.public_id]) for attempt in held),
        *(reverse("data"), reverse("data-delete")),
        *(page_of(exam), reverse("overview", args=[exam.public_id]), reverse("result", args=[ended.public_id])),
    ]
