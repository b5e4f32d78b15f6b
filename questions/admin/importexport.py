"""Import and export of questions in the admin: upload with a preview, and download as an action."""

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
from django.utils.translation import gettext_lazy, ngettext, ngettext_lazy

from questions.admin.base import page_context
from questions.bank.models.editorial import ImportFile
from questions.bank.models.questions import Question
from questions.bank.models.topics import Topic
from questions.importexport import importer
from questions.importexport.base import MAX_BYTES, UnreadableFile
from questions.importexport.formats import FORMATS, IMPORT_FORMATS, Format, detect_format

MAX_LISTED = 200
UPLOAD_LIFETIME = timedelta(days=1)


class UploadForm(forms.Form):
    """The file to import and its options."""

    file = forms.FileField(label=gettext_lazy("File"), help_text=gettext_lazy("At most 10 MB and 10,000 questions."))
    format = forms.ChoiceField(
        label=gettext_lazy("Format"),
        required=False,
        choices=[
            ("", gettext_lazy("Detect automatically")),
            *((one.name, one.label) for one in IMPORT_FORMATS.values()),
        ],
    )
    topic = forms.ModelChoiceField(
        Topic.objects.order_by("position"),
        label=gettext_lazy("Topic"),
        required=False,
        help_text=gettext_lazy("Used for questions without a known topic in the file."),
    )
    whole = forms.BooleanField(
        label=gettext_lazy("All or nothing"),
        required=False,
        help_text=gettext_lazy(
            "Import nothing if any question is refused. If not ticked, the valid questions are imported."
        ),
    )

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if (file.size or 0) > MAX_BYTES:
            raise ValidationError(_("The file is larger than 10 MB. Split it and import the parts."))
        return file

    def clean(self) -> dict[str, Any]:
        """Detect the format, check that the file can be read, and store its bytes as `content`."""
        data = super().clean() or self.cleaned_data
        if file := data.get("file"):
            data["content"] = file.read()
            try:
                file_format = IMPORT_FORMATS.get(data.get("format", "")) or detect_format(
                    file.name or "", data["content"]
                )
                _read(file_format, data["content"])
            except UnreadableFile as problem:
                self.add_error("file", str(problem))
            else:
                data["format"] = file_format.name
        return data


class ExportForm(forms.Form):
    """The format to export to."""

    format = forms.ChoiceField(
        label=gettext_lazy("Format"), choices=[(one.name, one.label) for one in FORMATS.values()]
    )


def _read(file_format: Format, content: bytes) -> Any:
    """Return the parsed file; raise UnreadableFile."""
    if file_format.read is None:
        raise UnreadableFile(_("This format is for export only. Choose another."))
    return file_format.read(content)


class ImportExportPagesMixin:
    """Adds the import pages and the export action to a model admin."""

    opts: Any
    admin_site: Any

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("import/", view(self.upload), name="questions_question_import"),
            path("import/<int:number>/", view(self.preview_import), name="questions_question_import_look"),
            *super().get_urls(),  # type: ignore[misc]
        ]

    def upload(self, request: HttpRequest) -> HttpResponse:
        """Show the upload form; on POST, store the file and redirect to its preview."""
        if not self.has_add_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        form = UploadForm(request.POST or None, request.FILES or None)
        if form.is_valid():
            data = form.cleaned_data
            ImportFile.objects.filter(uploaded_at__lt=timezone.now() - UPLOAD_LIFETIME).delete()
            upload = ImportFile.objects.create(
                name=(data["file"].name or "")[:200],
                format=data["format"],
                content=data["content"],
                topic=data["topic"],
                whole=data["whole"],
                uploaded_by=request.user,  # type: ignore[misc]
                uploaded_at=timezone.now(),
            )
            return redirect("admin:questions_question_import_look", upload.pk)
        context = page_context(self, request, None, _("Import questions")) | {"form": form}
        return TemplateResponse(request, "admin/questions/question/import.html", context)

    def preview_import(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show what importing the file would do with each question; on POST, import it."""
        if not self.has_add_permission(request):  # type: ignore[attr-defined]
            raise PermissionDenied
        upload = get_object_or_404(ImportFile.objects.filter(uploaded_by=request.user.pk), pk=number)
        parsed = _read(IMPORT_FORMATS[upload.format], bytes(upload.content))
        plan = importer.plan(parsed=parsed, topic=upload.topic, by=request.user)  # type: ignore[arg-type]
        if request.method == "POST":
            return self._apply_import(request, upload, plan)
        lists = [
            (_("would be created"), [(step.record.line, step.record.name) for step in plan.created]),
            (_("would be changed"), [(step.record.line, step.record.name) for step in plan.changed]),
            (_("unchanged"), [(record.line, record.name) for record in plan.unchanged]),
        ]
        context = page_context(self, request, None, _("Import: %s") % upload.name) | {
            "upload": upload,
            "plan": plan,
            "lists": [(title, rows[:MAX_LISTED], len(rows), max(0, len(rows) - MAX_LISTED)) for title, rows in lists],
            "refused": plan.refused[:MAX_LISTED],
            "refused_more": max(0, len(plan.refused) - MAX_LISTED),
            "can_go_on": not plan.is_empty and not (upload.whole and plan.refused),
        }
        return TemplateResponse(request, "admin/questions/question/import_look.html", context)

    def _apply_import(self, request: HttpRequest, upload: ImportFile, plan: importer.Plan) -> HttpResponse:
        try:
            importer.apply(plan=plan, at=timezone.now(), by=request.user, all_or_nothing=upload.whole)  # type: ignore[arg-type]
        except importer.NothingImported as problem:
            messages.error(request, str(problem))
            return redirect(request.path)
        upload.delete()
        created, changed = len(plan.created), len(plan.changed)
        self.report_changes(  # type: ignore[attr-defined]
            request,
            [step.question for step in plan.created],
            _("Imported from %s.") % upload.name,
            ngettext_lazy("%d question was created.", "%d questions were created."),
        )
        if changed:
            questions = [step.question for step in plan.changed]
            change = _("Changed by importing %s.") % upload.name
            message = ngettext_lazy("%d question was changed.", "%d questions were changed.")
            self.report_changes(request, questions, change, message)  # type: ignore[attr-defined]
        if plan.refused:
            text = ngettext("%d question was refused.", "%d questions were refused.", len(plan.refused))
            messages.warning(request, text % len(plan.refused))
        address = reverse("admin:questions_question_changelist")
        return redirect(f"{address}?status__exact=draft" if created else address)

    @admin.action(description=gettext_lazy("Export selected questions"), permissions=["view"])
    def export(self, request: HttpRequest, queryset: QuerySet[Question]) -> HttpResponse:
        """Return the exported file, after a page that lists what the format loses or refuses."""
        form = ExportForm(request.POST if "confirmed" in request.POST else None)
        button = ngettext_lazy("Export %d question", "Export %d questions")
        if page := self.confirm(request, queryset, _("Export these questions"), button, form):  # type: ignore[attr-defined]
            return page
        file_format = FORMATS[form.cleaned_data["format"]]
        found = Question.objects.with_content().select_related("topic").filter(pk__in=queryset.values("pk"))
        exported = file_format.write(importer.records(found))
        if (exported.losses or exported.refused) and "accepted" not in request.POST:
            page = self.confirm(request, queryset, _("Some content cannot be exported"), button, ask_again=True)  # type: ignore[attr-defined]
            page.template_name = "admin/questions/question/export.html"
            page.context_data |= {
                "format": file_format,
                "lost": exported.losses[:MAX_LISTED],
                "lost_count": len(exported.losses),
                "refused": exported.refused[:MAX_LISTED],
                "refused_count": len(exported.refused),
            }
            return page
        response = HttpResponse(exported.content, content_type=file_format.content_type)
        response["Content-Disposition"] = f'attachment; filename="questions{file_format.suffix}"'
        return response
