"""Reminders by email: who gets one when, and how they are sent."""

import logging
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.core.signing import BadSignature, Signer
from django.db.models import OuterRef, QuerySet, Subquery
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import get_language, override

from questions.accounts.owners import Owner
from questions.scheduling.plan_models import ReminderFrequency, StudyPlan
from questions.scheduling.reviews import zone_of
from questions.study.agenda import Agenda, agenda_of
from questions.study.calendar_feed import workload_text

MORNING = 7  # o'clock in the plan's time zone
logger = logging.getLogger(__name__)


class NoConfirmedAddress(Exception):
    """The owner has no confirmed email address."""


def has_confirmed_address(owner: Owner) -> bool:
    """Return whether the owner is a user with a confirmed email address."""
    return owner.user_id is not None and _confirmed(owner.user_id).exists()


def choose(*, owner: Owner, frequency: str) -> None:
    """Set how often the owner gets a reminder, in the language of now. Raise NoConfirmedAddress if nobody has confirmed
    to read them."""
    if frequency != ReminderFrequency.OFF and not has_confirmed_address(owner):
        raise NoConfirmedAddress
    StudyPlan.objects.owned_by(owner).update(reminders=frequency, reminder_language=get_language())


def unsubscribe_token(plan_id: int) -> str:
    """Return the signed part of the link that ends the reminders of the plan."""
    return _signer().sign(str(plan_id))


def plan_id_of(token: str) -> int | None:
    """Return the id of the plan that an unsubscribe link is for, or None if the link is not from this site."""
    try:
        return int(_signer().unsign(token))
    except BadSignature:
        return None


def unsubscribe(*, plan_id: int) -> None:
    """Turn the reminders of the plan off."""
    StudyPlan.objects.filter(pk=plan_id).update(reminders=ReminderFrequency.OFF)


def reminder_day(plan: StudyPlan, at: datetime) -> date | None:
    """Return the study day if the plan's reminder can be sent at that time, else None.

    It can be from 7 o'clock to midnight on a study day, unless one was sent on that day, or in that week if the
    candidate gets one a week.
    """
    local = at.astimezone(zone_of(plan))
    day = local.date()
    if local.hour < MORNING or not plan.calendar(day).is_study_day(day):
        return None
    since = day - timedelta(days=day.weekday()) if plan.reminders == ReminderFrequency.WEEKLY else day
    return day if plan.reminded_on is None or plan.reminded_on < since else None


def send_due(*, at: datetime) -> int:
    """Send the reminders that are due and return their number.

    A reminder is claimed in the database before it is sent, so that no other process sends it too. If it cannot be
    sent, the claim is taken back and the next run tries again. If the mail server cannot be reached, the run ends.
    """
    if not settings.SITE_URL:
        return 0
    connection, sent = mail.get_connection(), 0
    for plan in _reminded_plans():
        day = reminder_day(plan, at)
        if day is None:
            continue
        agenda = agenda_of(owner=plan.owner, at=at)
        if not agenda.today.has_work:
            continue
        try:
            connection.open()
        except Exception:
            logger.warning("The mail server cannot be reached. The next run sends the reminders.", exc_info=True)
            break
        if _claim(plan, day):
            sent += _send(plan, day, agenda, connection)
    _close(connection)
    return sent


def _reminded_plans() -> list[Any]:
    """Return the plans with reminders whose user has a confirmed address, which is in `address`."""
    plans = StudyPlan.objects.reminded().annotate(address=Subquery(_confirmed(OuterRef("user"))[:1]))
    return list(plans.filter(address__isnull=False))


def _claim(plan: StudyPlan, day: date) -> bool:
    """Note the reminder as sent; return whether nobody else has, and the choice is still the same."""
    same = StudyPlan.objects.filter(pk=plan.pk, reminders=plan.reminders, reminded_on=plan.reminded_on)
    return bool(same.update(reminded_on=day))


def _send(plan: Any, day: date, agenda: Agenda, connection: BaseEmailBackend) -> bool:
    """Send the reminder and return True; if that fails, take the claim back and return False."""
    try:
        connection.send_messages([_message(plan, agenda)])
    except Exception:
        StudyPlan.objects.filter(pk=plan.pk, reminded_on=day).update(reminded_on=plan.reminded_on)
        logger.warning("The reminder of plan %s cannot be sent. The next run tries again.", plan.pk, exc_info=True)
        _close(connection)
        return False
    return True


def _close(connection: BaseEmailBackend) -> None:
    with suppress(Exception):  # the server may have hung up
        connection.close()


def _message(plan: Any, agenda: Agenda) -> mail.EmailMultiAlternatives:
    """Return the reminder in the language that was chosen with it."""
    with override(plan.reminder_language or settings.LANGUAGE_CODE):
        return _written(plan, agenda)


def _written(plan: Any, agenda: Agenda) -> mail.EmailMultiAlternatives:
    unsubscribe_url = settings.SITE_URL + reverse("unsubscribe", args=[unsubscribe_token(plan.pk)])
    monday = agenda.day + timedelta(days=7 - agenda.day.weekday())
    later = [row for row in agenda.ahead[1:] if row.has_work and row.day < monday]
    context = {
        "site_name": settings.SITE_NAME,
        "workload": workload_text(agenda.today),
        "later": [(row.day, workload_text(row)) for row in later] if plan.reminders == ReminderFrequency.WEEKLY else [],
        "today_url": settings.SITE_URL + reverse("today"),
        "plan_url": settings.SITE_URL + reverse("plan"),
        "unsubscribe_url": unsubscribe_url,
    }
    message = mail.EmailMultiAlternatives(
        f"{settings.SITE_NAME}: {context['workload']}",
        render_to_string("questions/study/reminder_email.txt", context),
        to=[plan.address],
        headers={
            "List-Unsubscribe": f"<{unsubscribe_url}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
            "Auto-Submitted": "auto-generated",
        },
    )
    message.attach_alternative(render_to_string("questions/study/reminder_email.html", context), "text/html")
    return message


def _confirmed(user: Any) -> QuerySet[EmailAddress, str]:
    """Return the user's confirmed addresses, the primary one first."""
    return (
        EmailAddress.objects.filter(user=user, verified=True).order_by("-primary", "pk").values_list("email", flat=True)
    )


def _signer() -> Signer:
    return Signer(salt="unsubscribe", sep=".")
