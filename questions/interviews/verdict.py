"""Verdict at the end of a report: what went best and worst, what to do next, and what changed since the last time.

Nothing is said of a few answers, or while answers wait for marks.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from questions.bank.models.topics import Topic
from questions.interviews.report import Change, InterviewReport, Scores

MIN_ANSWERED = 4  # answers of an interview from which it is judged
MIN_IN_TOPIC = 2  # questions of a topic that count, from which it is compared with others


@dataclass(frozen=True, slots=True)
class Named:
    """A topic or a criterion, in Markdown, with a detail such as its score, and the URL with more about it."""

    name: str
    detail: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """The lines of a verdict; those that there is too little to say about are None."""

    strongest: Named | None
    weakest: Named | None
    next_step: Named
    change: str


def verdict_of(report: InterviewReport) -> Verdict | None:
    """Return the verdict on an interview; None while answers wait for marks, or if too few were given."""
    if report.scores.overall.unmarked or _answered(report) < MIN_ANSWERED:
        return None
    weakest, strongest = topics_apart(report.topics) or (None, None)
    return Verdict(
        strongest=_topic(strongest, report) if strongest else _best_criterion(report),
        weakest=_topic(weakest, report) if weakest else _worst_criterion(report),
        next_step=_next_step(report, weakest),
        change=change_since(report),
    )


def topics_apart(topics: Mapping[Topic, Scores]) -> tuple[Topic, Topic] | None:
    """Return the topics with the lowest and the highest score; None unless two can be compared and differ."""
    comparable = [topic for topic, scores in topics.items() if scores.overall.counted >= MIN_IN_TOPIC]
    ranked = sorted(comparable, key=lambda topic: topics[topic].overall.percent or 0)
    if len(ranked) < 2 or topics[ranked[0]].overall.percent == topics[ranked[-1]].overall.percent:
        return None
    return ranked[0], ranked[-1]


def change_since(report: InterviewReport) -> str:
    """Return what changed since the previous interview, as a sentence."""
    if report.previous is None:
        return _("This is your first interview. Your next report will include a comparison.")
    if not report.topics.keys() & report.topics_before.keys():
        return _("Your last interview was about other topics, so the scores can't be compared.")
    if report.before.overall.unmarked:
        return _("Your last interview has answers without marks. Mark them to compare.")
    if report.before.overall.counted < MIN_ANSWERED:
        return _("Your last interview was too short to compare.")
    overall = Change("", report.before.overall.percent, report.scores.overall.percent)
    sentence = _("Overall %(before)d %% last time, %(now)d %% now: %(change)s.")
    told = sentence % {"before": overall.before, "now": overall.now, "change": overall.label}
    largest = _largest_change(report)
    if largest is None:
        return told
    return told + " " + _("Biggest change: %(topic)s, %(change)s.") % {"topic": largest.name, "change": largest.label}


def _answered(report: InterviewReport) -> int:
    return sum(asked.response.is_answered for asked in report.result.questions)


def _largest_change(report: InterviewReport) -> Change | None:
    """Return the change of the topic that moved most the way that the whole did; None if none can be compared."""
    overall = Change("", report.before.overall.percent, report.scores.overall.percent)
    changes = [
        Change(topic.title, report.topics_before[topic].overall.percent, scores.overall.percent)
        for topic, scores in report.topics.items()
        if topic in report.topics_before
        and min(scores.overall.counted, report.topics_before[topic].overall.counted) >= MIN_IN_TOPIC
    ]
    same_way = [change for change in changes if change.difference * overall.difference > 0]
    return max(same_way, key=lambda change: abs(change.difference), default=None)


def _topic(topic: Topic, report: InterviewReport) -> Named:
    score = report.topics[topic].overall
    text = ngettext("%(percent)d %%, %(counted)d question", "%(percent)d %%, %(counted)d questions", score.counted)
    return Named(topic.title, text % {"percent": score.percent, "counted": score.counted}, topic.get_absolute_url())


def _best_criterion(report: InterviewReport) -> Named | None:
    """Return the criterion met that counts most; None if no criterion was met."""
    met = [(asked, mark.criterion) for asked, marks in report.criteria for mark in marks if mark.met]
    if not met:
        return None
    asked, criterion = max(met, key=lambda pair: (pair[1].essential, pair[1].weight))
    return _criterion(criterion.text, asked.response.position)


def _worst_criterion(report: InterviewReport) -> Named | None:
    """Return the first criterion that was missed, an essential one if there is any; None if all were met."""
    if not report.missed_criteria:
        return None
    asked, mark = report.missed_criteria[0]
    return _criterion(mark.criterion.text, asked.response.position)


def _criterion(text: str, position: int) -> Named:
    return Named(text, _("question %d") % position, f"#question-{position}")


def _next_step(report: InterviewReport, weakest: Topic | None) -> Named:
    """Return what to read for the weakest topic or, if nothing went badly, another interview."""
    if not report.to_study:
        return Named(_("Take another interview"), url=reverse("interview"))
    topic = weakest if weakest in report.to_study else next(iter(report.to_study))
    study, guide = report.to_study[topic], _("Guide: %s") % topic.title
    for takeaway in study.takeaways:
        return Named(takeaway.text, guide, f"{takeaway.guide.get_absolute_url()}#takeaway-{takeaway.slug}")
    for faq in study.faqs:
        return Named(faq.question, guide, f"{faq.guide.get_absolute_url()}#faq-{faq.slug}")
    return Named(guide, url=topic.get_absolute_url())
