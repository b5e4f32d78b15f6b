"""Items into and out of the database: what an import would do, said first, then done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from questions import types
from questions.bank import authoring
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.content.item import Item
from questions.enums import Status, Task
from questions.importexport.base import Reading, Record, Remark, evened

SLUG_LENGTH = 80
PRECISION = 5  # decimals of a weight in the database


class NothingImported(Exception):
    """Some questions are refused, and all or nothing was asked for."""


@dataclass(frozen=True, slots=True)
class Step:
    """A question that would be created or changed: the row, and what it will say."""

    record: Record
    question: Question
    item: Item


@dataclass(slots=True)
class Plan:
    """What an import would do with each question of a file."""

    created: list[Step] = field(default_factory=list)
    changed: list[Step] = field(default_factory=list)
    left: list[Record] = field(default_factory=list)
    refused: list[Remark] = field(default_factory=list)

    @property
    def is_idle(self) -> bool:
        """Whether nothing would be written."""
        return not self.created and not self.changed


def records(questions: Iterable[Question]) -> list[Record]:
    """The questions as records; fetch them with `with_content` and their topics."""
    return [
        Record(question.item(), topic=question.topic.slug, slug=question.slug, task=question.task)
        for question in questions
    ]


def plan(*, reading: Reading, topic: Topic | None, by: User | None = None) -> Plan:
    """What importing would do; writes nothing. Questions are known again by topic and slug.

    `topic` takes those whose file names no topic of this site. `by` is who asks: published questions are changed only
    by those who may publish; None may do everything.
    """
    known_topics = {one.slug: one for one in Topic.objects.all()}
    titles = {one.title.casefold(): one for one in known_topics.values()}
    found = Plan(refused=list(reading.refused))
    placed: list[tuple[Record, Topic]] = []
    taken: set[tuple[str, str]] = set()
    for record in reading.records:
        last = record.topic.rsplit("/", 1)[-1].strip()
        home = known_topics.get(record.topic) or known_topics.get(last) or titles.get(last.casefold()) or topic
        slug = slugify(record.slug or " ".join(record.item.stem.split())[:60])[:SLUG_LENGTH].strip("-")
        if home is None:
            named = _("There is no topic “%s” here") % record.topic if record.topic else _("The file names no topic")
            _refuse(found, record, _("%s: choose one to put the question into.") % named)
        elif not slug:
            _refuse(
                found, record, _("It has no name that can be an address: give it an id or a title in Latin letters.")
            )
        elif (home.slug, slug) in taken:
            _refuse(found, record, _("Another question of the file is called “%s” as well.") % slug)
        else:
            taken.add((home.slug, slug))
            placed.append((replace(record, topic=home.slug, slug=slug, line=record.line), home))
    existing = _existing(placed)
    for record, home in placed:
        _decide(found, record, home, existing.get((home.slug, record.slug)), by)
    found.refused.sort(key=lambda remark: remark.line)
    return found


def _existing(placed: Sequence[tuple[Record, Topic]]) -> dict[tuple[str, str], Question]:
    """The questions of this site with those names, with their content."""
    topics = {home.pk for _record, home in placed}
    here = Question.objects.filter(topic__in=topics).values_list("pk", "topic__slug", "slug")
    wanted = {(record.topic, record.slug) for record, _home in placed}
    ids = [pk for pk, topic, slug in here if (topic, slug) in wanted]
    found = Question.objects.with_content().select_related("topic").in_bulk(ids)
    return {(question.topic.slug, question.slug): question for question in found.values()}


def _decide(found: Plan, record: Record, home: Topic, old: Question | None, by: User | None) -> None:
    """Puts the record where it belongs in the plan."""
    before = old.item() if old else None
    task = record.task or (old.task if old else "")
    question = old or Question(topic=home, slug=record.slug, author=by)
    level = {"difficulty": question.difficulty, "seniority": question.seniority}
    options = evened(record.item.options) if record.item.type == "multiple_choice" else record.item.options
    item = replace(
        record.item,
        difficulty=record.item.difficulty or level["difficulty"],
        seniority=record.item.seniority or level["seniority"],
        options=tuple(replace(option, weight=round(option.weight, PRECISION)) for option in options),
    )
    if old and item == before and task == old.task:
        found.left.append(record)
        return
    if old and by and old.status in (Status.PUBLISHED, Status.RETIRED) and not by.has_perm(authoring.PUBLISH):
        _refuse(found, record, _("It is published here: only a reviewer or an editor changes it."))
        return
    if problem := _problem(question, item, task):
        _refuse(found, record, problem)
        return
    step = Step(record, question, item)
    (found.changed if old else found.created).append(step)


def _problem(question: Question, item: Item, task: str) -> str:
    """Why the content cannot be stored or asked, or nothing."""
    question.task = task
    if item.type not in types.names():
        names = ", ".join(types.names())
        return _("“%(type)s” is no type: write one of %(types)s.") % {"type": item.type, "types": names}
    if task not in ("", *Task.values):
        return _("“%(task)s” is no task: write %(tasks)s or nothing.") % {"task": task, "tasks": ", ".join(Task.values)}
    try:
        rows = authoring.apply_item(question, item)
        question.clean_fields(exclude=["topic", "takeaway", "faq", "author"])
        for part in rows.values():
            for row in part:
                row.clean_fields(exclude=["question", "position"])
    except ValidationError as error:
        return " ".join(f"{name}: {' '.join(told)}" for name, told in error.message_dict.items())
    if any(criterion.weight != int(criterion.weight) for criterion in item.criteria):
        return _("The weight of a criterion is a whole number.")
    if question.status == Status.PUBLISHED:
        return " ".join(str(problem.message) for problem in authoring.publishing_problems(item))
    # A rubric and a model answer may still be written, but options that cannot be graded are a mistake.
    problems = [problem for problem in types.get(item.type).problems(item) if problem.field == "options"]
    return " ".join(str(problem.message) for problem in problems)


def _refuse(found: Plan, record: Record, text: str) -> None:
    found.refused.append(Remark(record.line, record.name, text))


@transaction.atomic
def apply(*, plan: Plan, at: datetime, by: User | None = None, whole: bool = False) -> None:
    """Does what the plan says: new questions as drafts, changed ones with a revision of before and after.

    Raises NothingImported where all or nothing is wanted (`whole`) and something is refused.
    """
    if whole and plan.refused:
        raise NothingImported(_("Nothing was imported, since not everything can be."))
    changed = [step.question for step in plan.changed]
    authoring.freeze(questions=changed, at=at)
    authoring.write(contents=[(step.question, step.item) for step in [*plan.created, *plan.changed]])
    authoring.freeze(questions=[*changed, *(step.question for step in plan.created)], at=at, by=by)
