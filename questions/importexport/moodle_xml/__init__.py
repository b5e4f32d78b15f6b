"""Import and export of Moodle XML files: https://docs.moodle.org/en/Moodle_XML_format"""

from questions.importexport.moodle_xml.reader import read
from questions.importexport.moodle_xml.writer import write

__all__ = ["read", "write"]
