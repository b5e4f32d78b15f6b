"""Pages for personal data: download, import, delete."""

import tempfile

from django.contrib import messages
from django.contrib.auth import logout
from django.http import FileResponse, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from questions.accounts.owners import Owner
from questions.accounts.visitors import owner_of, owner_or_new_visitor
from questions.forms.personal_data import DeleteForm, ImportForm
from questions.personal_data import deletion, exporter, importer

LAST_SUPERUSER = gettext_lazy(
    "Nothing was deleted, because you are the only superuser and nobody else could "
    "manage this site. In the admin, under Users, make another user a superuser, then "
    "try again."
)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def data(request: HttpRequest) -> HttpResponse:
    """Show what can be done with the owner's data, or import a file downloaded from this or another site."""
    form = ImportForm(request)
    if not form.is_valid():
        context = {"form": form, "is_somebody": owner_of(request) != Owner()}
        return render(request, "questions/personal_data/personal_data.html", context)
    summary = importer.import_data(owner=owner_or_new_visitor(request), data=form.content, at=timezone.now())
    messages.success(request, summary.imported_message())
    if skipped := summary.skipped_message():
        messages.info(request, skipped)
    return redirect("data")


@never_cache
@require_GET
def download(request: HttpRequest) -> HttpResponseBase:
    """Return all data of the owner as a ZIP."""
    owner, at = owner_of(request), timezone.now()
    if owner == Owner():
        messages.info(request, _("You have no data here yet."))
        return redirect("data")
    file = tempfile.TemporaryFile()  # noqa: SIM115 - the response closes it
    exporter.export(owner=owner, file=file, at=at)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=f"quizsite-{timezone.localdate(at)}.zip")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    """Show what would be deleted and ask for confirmation; delete it once confirmed."""
    owner = owner_of(request)
    if owner == Owner():
        messages.info(request, _("You have no data here yet."))
        return redirect("data")
    form = DeleteForm(request)
    if form.is_valid():
        try:
            deletion.delete(owner=owner)
        except deletion.LastSuperuser:
            form.add_error(None, LAST_SUPERUSER)
        else:
            return _deleted(request)
    heading = _("Delete my account") if request.user.is_authenticated else _("Delete my data")
    context = {"form": form, "heading": heading, "counts": deletion.owned_rows(owner=owner)}
    return render(request, "questions/personal_data/delete.html", context)


def _deleted(request: HttpRequest) -> HttpResponse:
    """Log the user out, delete all cookies and confirm the deletion."""
    logout(request)
    rotate_token(request)
    response = render(request, "questions/personal_data/deleted.html")
    for name in request.COOKIES:
        response.delete_cookie(name)
    return response
