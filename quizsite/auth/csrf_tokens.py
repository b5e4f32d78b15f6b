"""CSRF tokens change at log-out too, not only at log-in."""

from typing import Any

from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver
from django.http import HttpRequest
from django.middleware.csrf import rotate_token


@receiver(user_logged_out, dispatch_uid="rotate_csrf_token")
def rotate_at_logout(sender: Any, request: HttpRequest, **kwargs: Any) -> None:
    """Make the forms of pages that were opened before invalid, so that none is saved for an anonymous visitor."""
    rotate_token(request)
