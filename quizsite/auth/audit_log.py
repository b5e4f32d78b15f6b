"""Who logs in, and who tries to, in the log: by the user's id, never by what was typed."""

import logging
from typing import Any

from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

LOG = logging.getLogger("quizsite.security")


@receiver(user_logged_in, dispatch_uid="log_logged_in")
def logged_in(sender: Any, user: Any, **kwargs: Any) -> None:
    """Tells it."""
    LOG.info("User %s logged in", user.pk)


@receiver(user_logged_out, dispatch_uid="log_logged_out")
def logged_out(sender: Any, user: Any, **kwargs: Any) -> None:
    """Tells it, where somebody was logged in."""
    if user:
        LOG.info("User %s logged out", user.pk)


@receiver(user_login_failed, dispatch_uid="log_login_failed")
def login_failed(sender: Any, **kwargs: Any) -> None:
    """Tells it, without the name: people type their passwords there."""
    LOG.warning("A log-in failed")


@receiver(authenticator_added, dispatch_uid="log_factor_added")
def factor_added(sender: Any, user: Any, authenticator: Any, **kwargs: Any) -> None:
    """Tells it."""
    LOG.info("User %s set up a second factor: %s", user.pk, authenticator.type)


@receiver(authenticator_removed, dispatch_uid="log_factor_removed")
def factor_removed(sender: Any, user: Any, authenticator: Any, **kwargs: Any) -> None:
    """Tells it."""
    LOG.warning("User %s removed a second factor: %s", user.pk, authenticator.type)
