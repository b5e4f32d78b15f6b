"""The Django admin: model admins for questions, guides, quizzes, attempts and problem reports."""

from django.conf import settings
from django.contrib import admin

from questions.admin import accounts, attempts, pictures, problem_reports, questions, quizzes, regrading, topics

__all__ = ["accounts", "attempts", "pictures", "problem_reports", "questions", "quizzes", "regrading", "topics"]

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
