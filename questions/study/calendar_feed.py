"""Calendar feed of a study plan in the iCalendar format (RFC 5545), at a secret address."""

import uuid
from datetime import date, datetime

from django.core.signing import BadSignature, Signer
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from icalendar import Calendar, Event

from questions.accounts.owners import Owner
from questions.scheduling.day_ahead import DayAhead
from questions.scheduling.plan_models import StudyPlan
from questions.study.agenda import Agenda


def token_of(calendar_id: uuid.UUID) -> str:
    """Return the secret part of the address: the id, signed. The database alone does not tell it."""
    return _signer().sign(calendar_id.hex)


def plan_of(token: str) -> StudyPlan | None:
    """Return the plan whose feed has that address, or None if there is none or its account is disabled."""
    try:
        calendar_id = uuid.UUID(_signer().unsign(token))
    except BadSignature:
        return None
    return StudyPlan.objects.with_calendar(calendar_id).first()


def renew(*, owner: Owner) -> bool:
    """Give the owner's feed a new address; return whether the owner has a plan."""
    return bool(StudyPlan.objects.owned_by(owner).update(calendar_id=uuid.uuid4()))


def feed(agenda: Agenda, *, url: str, at: datetime) -> bytes:
    """Return the feed: an all-day event for each day of the forecast with work, and one for the interview. Each event
    links to `url`."""
    calendar = Calendar()
    calendar.add("prodid", "-//Quizsite//Study plan//EN")
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", _("Study plan"))
    days = [(str(row.day), row.day, _("Study: %s") % workload_text(row)) for row in agenda.ahead if row.has_work]
    if agenda.plan.interview_on and not agenda.interview_is_over:
        days.append(("interview", agenda.plan.interview_on, _("Interview")))
    for name, day, summary in days:
        calendar.add_component(_event(f"{agenda.plan.calendar_id} {name}", day, summary, url, at))
    return calendar.to_ical()


def workload_text(row: DayAhead) -> str:
    """Return the workload of a day in words, such as "7 new, 12 reviews, mock interview, about 50 min"."""
    reviews = ngettext("%d review", "%d reviews", row.reviews) % row.reviews
    parts = [
        _("%d new") % row.new if row.new else "",
        reviews if row.reviews else "",
        _("mock interview") if row.interview_minutes else "",
        _("about %d min") % row.total_minutes,
    ]
    return ", ".join(filter(None, parts))


def _event(name: str, day: date, summary: str, url: str, at: datetime) -> Event:
    event = Event()
    event.add("uid", str(uuid.uuid5(uuid.NAMESPACE_URL, name)))
    event.add("dtstamp", at)
    event.add("dtstart", day)
    event.add("summary", summary)
    event.add("description", url)  # many calendars do not show URL
    event.add("url", url)
    event.add("transp", "TRANSPARENT")  # the day does not count as busy
    return event


def _signer() -> Signer:
    return Signer(salt="calendar-feed", sep=".")
