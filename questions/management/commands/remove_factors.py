"""`manage.py remove_factors`: remove a user's MFA, for sites whose only administrator has lost access."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    """The password stays; with STAFF_MFA, the admin requires a new authenticator at the next login."""

    help = "Remove a user's authenticator app, security keys and recovery codes."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        if not get_user_model().objects.filter(username=username).exists():
            raise CommandError(f'There is no user "{username}". Check the name.')
        _count, kinds = Authenticator.objects.filter(user__username=username).delete()
        self.stdout.write(f"Removed {kinds.get('mfa.Authenticator', 0)} from {username}.")
