"""Import and export of GIFT files, Moodle's text format: https://docs.moodle.org/en/GIFT_format"""

from questions.importexport.gift.reader import read
from questions.importexport.gift.writer import write

__all__ = ["read", "write"]
