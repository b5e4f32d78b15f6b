"""GIFT, Moodle's text format: read and written. See https://docs.moodle.org/en/GIFT_format and Moodle's own reader."""

from questions.exchange.gift_read import read
from questions.exchange.gift_write import write

__all__ = ["read", "write"]
