"""The page of one's own account."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from questions.accounts.visitors import owner_of
from questions.personal_data import deletion


@login_required
@require_safe
def account(request: HttpRequest) -> HttpResponse:
    """Who is logged in, and where everything about it can be changed."""
    return render(request, "questions/accounts/account.html")


@login_required
@require_POST
def log_out_elsewhere(request: HttpRequest) -> HttpResponse:
    """Ends the account's sessions but this one, such as those of a lost phone."""
    mine = owner_of(request).user_id or 0  # who is logged in has one
    ended = deletion.end_sessions(user_id=mine, keep=request.session.session_key)
    told = ngettext("You are logged out of %d other browser.", "You are logged out of %d other browsers.", ended)
    messages.success(request, told % ended)
    return redirect("account")
