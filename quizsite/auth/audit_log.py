"""Audit log: receivers that log logins, failed logins and MFA changes, by user id and never by what was typed."""

import logging
from typing import Any

from allauth.mfa.signals import authenticator_added, authenticator_removed
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.dispatch import receiver

LOG = logging.getLogger("quizsite.security")


@receiver(user_logged_in, dispatch_uid="log_logged_in")
def log_login(sender: Any, user: Any, **kwargs: Any) -> None:
    LOG.info("User %s logged in", user.pk)


@receiver(user_logged_out, dispatch_uid="log_logged_out")
def log_logout(sender: Any, user: Any, **kwargs: Any) -> None:
    if user:  # None if the session had expired
        LOG.info("User %s logged out", user.pk)


@receiver(user_login_failed, dispatch_uid="log_login_failed")
def log_failed_login(sender: Any, **kwargs: Any) -> None:
    # Without the user name: people type their password into that field by mistake.
    LOG.warning("A login failed")


@receiver(authenticator_added, dispatch_uid="log_factor_added")
def log_mfa_added(sender: Any, user: Any, authenticator: Any, **kwargs: Any) -> None:
    LOG.info("User %s added an MFA method: %s", user.pk, authenticator.type)


@receiver(authenticator_removed, dispatch_uid="log_factor_removed")
def log_mfa_removed(sender: Any, user: Any, authenticator: Any, **kwargs: Any) -> None:
    LOG.warning("User %s removed an MFA method: %s", user.pk, authenticator.type)
