"""The one app."""

from django.apps import AppConfig


class QuestionsConfig(AppConfig):
    """Questions, quizzes, attempts, and everything that hangs off them."""

    name = "questions"

    def ready(self) -> None:
        """Connects the receivers."""
        from questions import receivers  # noqa: F401, PLC0415
