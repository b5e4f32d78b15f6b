"""Import and export of questions in the database: plan an import, preview it, then apply it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from questions import types
from questions.bank import authoring, freezing
from questions.bank.models.pictures import Picture
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.content.item import Item
from questions.content.markdown import names_in
from questions.content.pictures import missing_message
from questions.enums import Status, Task
from questions.importexport.base import Issue, ParsedFile, Record, normalize_even_weights

MAX_SLUG_LENGTH = 80
WEIGHT_DECIMALS = 5  # as in the database


class NothingImported(Exception):
    """An all-or-nothing import was refused because some of its questions are invalid."""


@dataclass(frozen=True, slots=True)
class Step:
    """A question to create or change: its record, its row in the database and its new content."""

    record: Record
    question: Question
    item: Item


@dataclass(slots=True)
class Plan:
    """What an import would do with each question of a file: create, change, leave unchanged or refuse it."""

    created: list[Step] = field(default_factory=list)
    changed: list[Step] = field(default_factory=list)
    unchanged: list[Record] = field(default_factory=list)
    refused: list[Issue] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether the import would write nothing."""
        return not self.created and not self.changed


def records(questions: Iterable[Question]) -> list[Record]:
    """Return the questions as records; fetch them with `with_content` and `select_related("topic")`."""
    items = [(question, question.item()) for question in questions]
    files = Picture.objects.files({picture.name for _question, item in items for picture in item.pictures})
    return [
        Record(
            item,
            topic=question.topic.slug,
            slug=question.slug,
            task=question.task,
            files=tuple(files[picture.name] for picture in item.pictures),
        )
        for question, item in items
    ]


def plan(*, parsed: ParsedFile, topic: Topic | None, by: User | None = None) -> Plan:
    """Return what importing the file would do, without writing anything. Questions match by topic and slug.

    `topic` is for questions whose file names no topic of this site. `by` is the user who imports: only users who may
    publish can change published questions. None, as in a command, may change everything.
    """
    by_slug = {one.slug: one for one in Topic.objects.all()}
    by_title = {one.title.casefold(): one for one in by_slug.values()}
    plan = Plan(refused=list(parsed.refused))
    assigned: list[tuple[Record, Topic]] = []
    taken: set[tuple[str, str]] = set()
    for record in parsed.records:
        last = record.topic.rsplit("/", 1)[-1].strip()
        target = by_slug.get(record.topic) or by_slug.get(last) or by_title.get(last.casefold()) or topic
        slug = slugify(record.slug or " ".join(record.item.stem.split())[:60])[:MAX_SLUG_LENGTH].strip("-")
        if target is None:
            reason = _("Unknown topic “%s”") % record.topic if record.topic else _("The file does not name a topic")
            _refuse(plan, record, _("%s. Choose a topic for the question.") % reason)
        elif not slug:
            _refuse(
                plan, record, _("No slug can be made from the question's text. Add an ID or a title in Latin letters.")
            )
        elif (target.slug, slug) in taken:
            _refuse(plan, record, _("Another question in the file has the slug “%s”. Rename one of them.") % slug)
        else:
            taken.add((target.slug, slug))
            assigned.append((replace(record, topic=target.slug, slug=slug, line=record.line), target))
    assigned = _with_pictures(assigned)
    existing = _existing_questions(assigned)
    for record, target in assigned:
        _plan_question(plan, record, target, existing.get((target.slug, record.slug)), by)
    plan.refused.sort(key=lambda issue: issue.line)
    return plan


def _with_pictures(assigned: Sequence[tuple[Record, Topic]]) -> list[tuple[Record, Topic]]:
    """Return the records with the pictures of this site that their texts show, in one query at most."""
    names = [names_in(text for _field, text in record.item.markdown_texts()) for record, _topic in assigned]
    found = Picture.objects.shown(set().union(*names))
    shown = [tuple(picture for picture in found if picture.name in own) for own in names]
    return [
        (replace(record, item=replace(record.item, pictures=own), line=record.line), topic)
        for (record, topic), own in zip(assigned, shown, strict=True)
    ]


def _existing_questions(assigned: Sequence[tuple[Record, Topic]]) -> dict[tuple[str, str], Question]:
    """Return the site's questions with these topics and slugs, with their content."""
    topics = {topic.pk for _record, topic in assigned}
    existing = Question.objects.filter(topic__in=topics).values_list("pk", "topic__slug", "slug")
    wanted = {(record.topic, record.slug) for record, _topic in assigned}
    ids = [pk for pk, topic, slug in existing if (topic, slug) in wanted]
    found = Question.objects.with_content().select_related("topic").in_bulk(ids)
    return {(question.topic.slug, question.slug): question for question in found.values()}


def _plan_question(plan: Plan, record: Record, topic: Topic, old: Question | None, by: User | None) -> None:
    """Add the record to one of the plan's four lists."""
    before = old.item() if old else None
    task = record.task or (old.task if old else "")
    question = old or Question(topic=topic, slug=record.slug, author=by)
    options = record.item.options
    if record.item.type in types.names() and types.get(record.item.type).splits_credit:
        options = normalize_even_weights(options)
    item = replace(
        record.item,
        difficulty=record.item.difficulty or question.difficulty,
        seniority=record.item.seniority or question.seniority,
        options=tuple(replace(option, weight=round(option.weight, WEIGHT_DECIMALS)) for option in options),
    )
    if old and item == before and task == old.task:
        plan.unchanged.append(record)
        return
    if old and by and old.status in (Status.PUBLISHED, Status.RETIRED) and not by.has_perm(authoring.PUBLISH):
        _refuse(plan, record, _("The question is published or retired. Only reviewers and editors can change it."))
        return
    if problem := _find_problem(question, item, task):
        _refuse(plan, record, problem)
        return
    step = Step(record, question, item)
    (plan.changed if old else plan.created).append(step)


def _find_problem(question: Question, item: Item, task: str) -> str:
    """Return why the content cannot be stored or published, or an empty string; sets the question's fields."""
    question.task = task
    if item.type not in types.names():
        names = ", ".join(types.names())
        return _("Unknown question type “%(type)s”. Use one of %(types)s.") % {"type": item.type, "types": names}
    if task not in ("", *Task.values):
        tasks = ", ".join(Task.values)
        return _("Unknown task “%(task)s”. Use one of %(tasks)s, or none.") % {"task": task, "tasks": tasks}
    try:
        rows = authoring.apply_item(question, item)
        question.clean_fields(exclude=["topic", "takeaway", "faq", "author"])
        for part in rows.values():
            for row in part:
                row.clean_fields(exclude=["question", "position"])
    except ValidationError as error:
        return " ".join(f"{name}: {' '.join(texts)}" for name, texts in error.message_dict.items())
    if any(criterion.weight != int(criterion.weight) for criterion in item.criteria):
        return _("The weight of a criterion must be a whole number.")
    texts = (text for _field, text in item.markdown_texts())
    if unknown := names_in(texts) - {picture.name for picture in item.pictures}:
        return missing_message(unknown)
    if question.status == Status.PUBLISHED:
        return " ".join(str(problem.message) for problem in authoring.publishing_problems(item))
    # Staff can add a rubric and a model answer to a draft later, but answers that cannot be graded are a mistake.
    problems = [problem for problem in types.get(item.type).problems(item) if problem.field in ("options", "units")]
    return " ".join(str(problem.message) for problem in problems)


def _refuse(plan: Plan, record: Record, text: str) -> None:
    plan.refused.append(Issue(record.line, record.name, text))


@transaction.atomic
def apply(*, plan: Plan, at: datetime, by: User | None = None, all_or_nothing: bool = False) -> None:
    """Import the plan: create new questions as drafts, and freeze a revision of changed ones before and after.

    Raise NothingImported if `all_or_nothing` is set and the plan refuses a question.
    """
    if all_or_nothing and plan.refused:
        raise NothingImported(_("Nothing was imported because some questions were refused."))
    changed = [step.question for step in plan.changed]
    freezing.freeze(questions=changed, at=at)
    authoring.write(contents=[(step.question, step.item) for step in [*plan.created, *plan.changed]])
    freezing.freeze(questions=[*changed, *(step.question for step in plan.created)], at=at, by=by)
