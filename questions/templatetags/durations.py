"""Template filters that write durations in words."""

from datetime import timedelta

from django import template
from django.utils.translation import ngettext

register = template.Library()


@register.filter
def in_words(seconds: int) -> str:
    """Return whole minutes as minutes and anything else as seconds: “1 minute”, “90 seconds”."""
    if seconds % 60:
        return ngettext("%d second", "%d seconds", seconds) % seconds
    return ngettext("%d minute", "%d minutes", seconds // 60) % (seconds // 60)


@register.filter
def in_minutes(span: timedelta) -> int:
    """Return the duration in minutes, rounded."""
    return round(span / timedelta(minutes=1))
