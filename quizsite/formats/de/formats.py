"""German formats of dates."""

MONTH_DAY_FORMAT = "j. F"
SHORT_MONTH_DAY_FORMAT = "j. M"
WEEKDAY_FORMAT = "D, j. F"
SHORT_WEEKDAY_FORMAT = "D, j. M"
LONG_WEEKDAY_FORMAT = "l, j. F"
DAY_AND_TIME_FORMAT = "j. F Y, H:i"
