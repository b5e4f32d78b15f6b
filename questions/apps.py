"""App configuration of `questions`."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """App with the question bank, quizzes, attempts and study plans."""

    name = "questions"

    def ready(self) -> None:
        from questions import search, visitor_handover  # noqa: F401, PLC0415
