"""Times of saves as pages show them."""

from datetime import datetime

from django.utils import timezone
from django.utils.dateformat import format as date_format


def clock(at: datetime) -> str:
    """Return the time of day in the current time zone, such as "14:05"; with the date if that is not today."""
    local = timezone.localtime(at)
    return (
        local.strftime("%H:%M") if local.date() == timezone.localdate() else date_format(local, "DAY_AND_TIME_FORMAT")
    )
