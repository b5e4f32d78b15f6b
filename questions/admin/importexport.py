"""Questions from files of others and into them: an upload that is looked at first, and a download."""

from datetime import timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from questions.admin.base import page_context
from questions.bank.models.editorial import ImportFile
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.importexport import importer
from questions.importexport.base import MAX_BYTES, UnreadableFile
from questions.importexport.formats import FORMATS, IMPORT_FORMATS, Format, detect_format

SHOWN = 200
KEPT = timedelta(days=1)


class UploadForm(forms.Form):
    """A file, and what it does not say itself."""

    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("At most 10 MB and 10,000 questions."))
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        required=False,
        choices=[("", gettext_lazy("as its name tells")), *((one.name, one.label) for one in IMPORT_FORMATS.values())],
    )
    topic = forms.ModelChoiceField(
        Topic.objects.order_by("position"),
        label=gettext_lazy("Topic"),
        required=False,
        help_text=gettext_lazy("For questions whose file names no topic of this site."),
    )
    whole = forms.BooleanField(
        label=gettext_lazy("All or nothing"),
        required=False,
        help_text=gettext_lazy("Import nothing if a question is refused. Otherwise the good ones are imported."),
    )

    def clean_file(self) -> UploadedFile:
        """The file; one that is too large is not read."""
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(_("The file is larger than 10 MB. Split it and import the parts."))
        return file

    def clean(self) -> dict[str, Any]:
        """Finds out the format and whether anything can be read; keeps what was read as `content`."""
        given = super().clean() or self.cleaned_data
        if file := given.get("file"):
            given["content"] = file.read()
            try:
                kind = IMPORT_FORMATS.get(given.get("format", "")) or detect_format(file.name or "", given["content"])
                _read(kind, given["content"])
            except UnreadableFile as problem:
                self.add_error("file", str(problem))
            else:
                given["format"] = kind.name
        return given


class ExportForm(forms.Form):
    """Into what."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=[(one.name, one.label) for one in FORMATS.values()]
    )


def _read(kind: Format, content: bytes) -> Any:
    """What the file holds; raises Unreadable."""
    if kind.read is None:
        raise UnreadableFile(_("That format can be written only."))
    return kind.read(content)


class ExchangePages:
    """Adds the import with its preview, and the export as an action."""

    opts: Any
    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        """Those of the model admin, and those of the import."""
        view = self.admin_site.admin_view
        return [
            path("import/", view(self.upload), name="questions_question_import"),
            path("import/<int:number>/", view(self.look), name="questions_question_import_look"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Takes a file and shows what importing it would do."""
        if not self.has_add_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            given = form.cleaned_data
            ImportFile.objects.filter(uploaded_at__lt=timezone.now() - KEPT).delete()
            upload = ImportFile.objects.create(
                name=(given["file"].name or "")[:200],
                format=given["format"],
                content=given["content"],
                topic=given["topic"],
                whole=given["whole"],
                uploaded_by=request.user,  # type: ignore[misc]
                uploaded_at=timezone.now(),
            )
            return redirect("admin:questions_question_import_look", upload.pk)
        context = page_context(self, request, None, _("Import questions")) | {"form": form}
        return TemplateResponse(request, "admin/questions/question/import.html", context)

    def look(self, request: HttpRequest, number: int) -> HttpResponse:
        """What importing the file would do, question by question; posted, it is done."""
        if not self.has_add_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        upload = get_object_or_404(ImportFile.objects.filter(uploaded_by=request.user.pk), pk=number)
        parsed = _read(IMPORT_FORMATS[upload.format], bytes(upload.content))
        plan = importer.plan(parsed=parsed, topic=upload.topic, by=request.user)  # type: ignore[arg-type]
        if request.method == "POST":
            return self._imported(request, upload, plan)
        lists = [
            (_("would be created"), [(step.record.line, step.record.name) for step in plan.created]),
            (_("would be changed"), [(step.record.line, step.record.name) for step in plan.changed]),
            (_("say that already"), [(record.line, record.name) for record in plan.unchanged]),
        ]
        context = page_context(self, request, None, _("Import: %s") % upload.name) | {
            "upload": upload,
            "plan": plan,
            "lists": [(title, rows[:SHOWN], len(rows), max(0, len(rows) - SHOWN)) for title, rows in lists],
            "refused": plan.refused[:SHOWN],
            "refused_more": max(0, len(plan.refused) - SHOWN),
            "can_go_on": not plan.is_empty and not (upload.whole and plan.refused),
        }
        return TemplateResponse(request, "admin/questions/question/import_look.html", context)

    def _imported(self, request: HttpRequest, upload: ImportFile, plan: importer.Plan) -> HttpResponse:
        try:
            importer.apply(plan=plan, at=timezone.now(), by=request.user, all_or_nothing=upload.whole)  # type: ignore[arg-type]
        except importer.NothingImported as problem:
            messages.error(request, str(problem))
            return redirect(request.path)
        upload.delete()
        created, changed = len(plan.created), len(plan.changed)
        self.tell(  # type: ignore[attr-defined]
            request,
            [step.question for step in plan.created],
            _("Imported from %s.") % upload.name,
            "%d question was created.",
            "%d questions were created.",
        )
        if changed:
            questions = [step.question for step in plan.changed]
            change = _("Changed by %s.") % upload.name
            self.tell(request, questions, change, "%d question was changed.", "%d questions were changed.")  # type: ignore[attr-defined]
        if plan.refused:
            text = ngettext("%d question was refused.", "%d questions were refused.", len(plan.refused))
            messages.warning(request, text % len(plan.refused))
        address = reverse("admin:questions_question_changelist")
        return redirect(f"{address}?status__exact=draft" if created else address)

    @admin.action(description=gettext_lazy("Export selected questions"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse:
        """A file to download; what the format cannot carry is said before."""
        form = ExportForm(request.POST if "confirmed" in request.POST else None)
        if asked := self.confirm(request, queryset, _("Export these questions"), form):  # type: ignore[attr-defined]
            return asked
        kind = FORMATS[form.cleaned_data["format"]]
        found = Question.objects.with_content().select_related("topic").filter(pk__in=queryset.values("pk"))
        exported = kind.write(importer.records(found))
        if (exported.losses or exported.refused) and "accepted" not in request.POST:
            page = self.confirm(request, queryset, _("Not everything fits"), again=True)  # type: ignore[attr-defined]
            page.template_name = "admin/questions/question/export.html"
            page.context_data |= {
                "format": kind,
                "lost": exported.losses[:SHOWN],
                "lost_count": len(exported.losses),
                "refused": exported.refused[:SHOWN],
                "refused_count": len(exported.refused),
            }
            return page
        response = HttpResponse(exported.content, content_type=kind.content_type)
        response["Content-Disposition"] = f'attachment; filename="questions{kind.suffix}"'
        return response
