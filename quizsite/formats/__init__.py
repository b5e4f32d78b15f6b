"""Formats of dates in addition to Django's, by language; templates name them as `date:"MONTH_DAY_FORMAT"`."""
