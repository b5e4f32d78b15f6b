"""Floor a: a question's page. Floor b: an answer stored."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils import timezone

from bench.floor.models import Answer, Choice


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """One query for the question with its choices, one template with a base; middleware brings session and user."""
    choices = list(Choice.objects.filter(question=pk).select_related("question"))
    context = {"question": choices[0].question, "choices": choices, "user": request.user}
    return render(request, "page.html", context)


@transaction.atomic
def answer(request: HttpRequest) -> HttpResponse:
    """One row in a transaction."""
    Answer.objects.create(choice=int(request.POST["choice"]), answered_at=timezone.now())
    return HttpResponse("kept")


urlpatterns = [path("questions/<int:pk>/", page), path("answers/", answer)]
