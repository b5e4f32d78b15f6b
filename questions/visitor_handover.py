"""Handover of an anonymous visitor's data to an account, at sign-up and login."""

from typing import Any

from django.contrib.auth.models import AbstractBaseUser
from django.contrib.auth.signals import user_logged_in
from django.dispatch import receiver
from django.http import HttpRequest

from questions.accounts.visitors import forget_visitor, visitor_of
from questions.attempts import services as attempts
from questions.notes import services as notes
from questions.scheduling import reviews
from questions.study import services as plans


@receiver(user_logged_in, dispatch_uid="claim_attempts")
def claim_attempts(sender: Any, request: HttpRequest, user: AbstractBaseUser, **kwargs: Any) -> None:
    """Move an anonymous visitor's attempts, plan, reviews and notes to the account at sign-up or login."""
    visitor = visitor_of(request)
    if visitor:
        attempts.claim(visitor=visitor, user=user)
        plans.claim(visitor=visitor, user=user)
        reviews.claim(visitor=visitor, user=user)
        notes.claim(visitor=visitor, user=user)
        forget_visitor(request)
