"""GIFT, Moodle's text format: read and written. See https://docs.moodle.org/en/GIFT_format and Moodle's own reader."""

from questions.importexport.gift.reader import read
from questions.importexport.gift.writer import write

__all__ = ["read", "write"]
