"""Takes away somebody's second factors, for hosts whose only administrator has lost theirs."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """The password stays; with STAFF_MFA the admin asks for a new factor at the next log-in."""

    help = "Remove a user's app, keys and recovery codes."

    def add_arguments(self, parser: CommandParser) -> None:
        """The user's name."""
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        """Removes them; raises CommandError where there is nobody of that name."""
        if not get_user_model().objects.filter(username=username).exists():
            raise CommandError(f'There is no user "{username}".')
        _count, kinds = Authenticator.objects.filter(user__username=username).delete()
        self.stdout.write(f"Removed {kinds.get('mfa.Authenticator', 0)} from {username}.")
