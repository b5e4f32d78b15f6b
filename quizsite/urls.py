"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from questions.views import (
    account,
    attempts,
    favicon,
    focus,
    interviews,
    notes,
    personal_data,
    preferences,
    preview,
    problem_reports,
    progress,
    quizzes,
    results,
    search,
    study,
    topics,
)

urlpatterns = [
    path("", topics.home, name="home"),
    path("topics/", topics.topics, name="topics"),
    path("topics/<slug:slug>/", topics.topic, name="topic"),
    path("topics/<slug:slug>/corrections/", problem_reports.corrections, name="corrections"),
    path("reports/", problem_reports.reports, name="reports"),
    path("practice/", quizzes.practice, name="practice"),
    path("practice/focus/", focus.practise_focus, name="practise-focus"),
    path("interview/", interviews.interview, name="interview"),
    path("quizzes/<slug:slug>/", quizzes.quiz, name="quiz"),
    path("attempts/<uuid:public_id>/", attempts.attempt, name="attempt"),
    path("attempts/<uuid:public_id>/<int:position>/", attempts.question, name="question"),
    path("attempts/<uuid:public_id>/<int:position>/marks/", results.assess, name="assess"),
    path("attempts/<uuid:public_id>/<int:position>/check/", results.check, name="check"),
    path("attempts/<uuid:public_id>/<int:position>/report/", problem_reports.report, name="report"),
    path("attempts/<uuid:public_id>/overview/", attempts.overview, name="overview"),
    path("attempts/<uuid:public_id>/hand-in/", attempts.hand_in, name="hand-in"),
    path("attempts/<uuid:public_id>/abandon/", attempts.abandon, name="abandon"),
    path("attempts/<uuid:public_id>/result/", results.result, name="result"),
    path("attempts/<uuid:public_id>/missed/", results.practise_missed, name="practise-missed"),
    path("attempts/<uuid:public_id>/<int:position>/undo/", study.undo, name="undo"),
    path("attempts/<uuid:public_id>/<int:position>/aside/", study.put_aside, name="put-aside"),
    path("today/", study.today, name="today"),
    path("today/start/", study.start, name="start-session"),
    path("today/aside/", study.aside, name="aside"),
    path("today/cards/<int:pk>/", study.take_up, name="take-up"),
    path("plan/", study.plan, name="plan"),
    path("history/", results.history, name="history"),
    path("progress/", progress.progress, name="progress"),
    path("search/", search.search, name="search"),
    path("questions/<int:pk>/practise/", search.practise_question, name="practise-question"),
    path("notes/", notes.notes, name="notes"),
    path("notes/<slug:kind>/<int:pk>/", notes.note, name="note"),
    path("bookmarks/<slug:kind>/<int:pk>/", notes.bookmark, name="bookmark"),
    path("account/", account.account, name="account"),
    path("account/elsewhere/", account.log_out_elsewhere, name="log-out-elsewhere"),
    path("account/data/", personal_data.data, name="data"),
    path("account/data/download/", personal_data.download, name="data-download"),
    path("account/data/delete/", personal_data.delete, name="data-delete"),
    path("preferences/", preferences.preferences, name="preferences"),
    path("questions/<int:pk>/preview/", admin.site.admin_view(preview.preview), name="question-preview"),
    path("accounts/", include("allauth.urls")),
    path(settings.ADMIN_PATH, admin.site.urls),
    path("mark.svg", favicon.mark, name="mark"),
    path("favicon.ico", favicon.favicon),
]

handler500 = "questions.views.errors.server_error"

if settings.DEBUG:
    from debug_toolbar.toolbar import debug_toolbar_urls

    urlpatterns += debug_toolbar_urls()
