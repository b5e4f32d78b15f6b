"""Forms to import and to delete personal data."""

from typing import Any

from django import forms
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from questions.accounts import rate_limits
from questions.personal_data import archive_reader


class ImportForm(forms.Form):
    """Form for a file with personal data; a valid form has its content in `content`."""

    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("The ZIP file you downloaded, or the data.json in it. At most 20 MB."),
        widget=forms.FileInput(attrs={"accept": ".zip,.json"}),
    )
    content: dict[str, Any]

    def __init__(self, request: HttpRequest) -> None:
        is_post = request.method == "POST"
        super().__init__(request.POST if is_post else None, request.FILES if is_post else None)
        self.request = request

    def clean_file(self) -> UploadedFile:
        file: UploadedFile = self.cleaned_data["file"]
        if not rate_limits.allows(self.request, "import"):
            raise ValidationError(_("Too many imports in the last hour. Try again later."))
        if (file.size or 0) > archive_reader.MOST_BYTES:
            raise ValidationError(archive_reader.too_large())
        try:
            self.content = archive_reader.read(file.read())
        except archive_reader.Unreadable as problem:
            raise ValidationError(str(problem)) from None
        return file


class DeleteForm(forms.Form):
    """Form that confirms a deletion with the password, with the email address or user name, or with a checkbox.

    Users without a password give their address; anonymous visitors tick the checkbox.
    """

    password = forms.CharField(
        label=gettext_lazy("Your password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    name = forms.CharField(
        label=gettext_lazy("Your email address, or your username if you have none"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    sure = forms.BooleanField(label=gettext_lazy("Delete all my data"))

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        self.request, user = request, request.user
        field = "sure" if user.is_anonymous else "password" if user.has_usable_password() else "name"
        self.fields = {field: self.fields[field]}

    def clean_password(self) -> str:
        password = self.cleaned_data["password"]
        if not self._account().check_password(password):
            raise ValidationError(_("Wrong password. Nothing was deleted. Try again."))
        return password

    def clean_name(self) -> str:
        name, account = self.cleaned_data["name"], self._account()
        if name.casefold() != (account.email or account.get_username()).casefold():
            raise ValidationError(
                _("That is not the email address or username of this account. Nothing was deleted. Try again.")
            )
        return name

    def _account(self) -> User:
        """Return the user; raise ValidationError after too many attempts."""
        user = self.request.user
        if user.is_anonymous:
            raise TypeError("An anonymous visitor has no account. Ask for the checkbox instead.")
        if not rate_limits.allows(self.request, "reauthenticate"):
            raise ValidationError(_("Too many attempts. Wait a minute, then try again."))
        return user
