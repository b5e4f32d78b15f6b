"""App configuration of `questions`."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class QuestionsConfig(AppConfig):
    """App with the question bank, quizzes, attempts and study plans."""

    name = "questions"

    def ready(self) -> None:
        from questions import visitor_handover  # noqa: F401, PLC0415
        from questions.search import index  # noqa: PLC0415

        post_migrate.connect(index.install, sender=self)
