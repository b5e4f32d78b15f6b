"""The page of one's own account."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who is logged in, and where everything about it can be changed."""
    return render(request, "questions/account.html")
