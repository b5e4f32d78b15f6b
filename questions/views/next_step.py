"""What the dashboard and Progress show of the next step."""

from datetime import datetime
from typing import Any

from questions.accounts.owners import Owner
from questions.attempts.models import Attempt
from questions.enums import AttemptMode
from questions.forms.quizzes import DEFAULT_QUESTIONS, StartForm
from questions.study.agenda import Agenda
from questions.study.next_step import next_step
from questions.study.progress import ProgressReport

MAX_RUNNING = 3


def next_step_context(owner: Owner, agenda: Agenda, report: ProgressReport, *, at: datetime) -> dict[str, Any]:
    """Return the context of `questions/study/_next_step.html`; `running` has the attempts that can be resumed."""
    running = Attempt.objects.owned_by(owner).open_at(at).exclude(mode=AttemptMode.TODAY)
    shown = list(running.latest_first().with_progress()[:MAX_RUNNING])
    return {
        "agenda": agenda,
        "report": report,
        "running": shown,
        "step": next_step(running=shown, today=agenda.today, weakest=report.weakest),
        "start_form": StartForm(),
        "number": DEFAULT_QUESTIONS,
    }
