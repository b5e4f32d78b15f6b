"""Moodle XML: read and written. See https://docs.moodle.org/en/Moodle_XML_format."""

from questions.exchange.moodle_xml_read import read
from questions.exchange.moodle_xml_write import write

__all__ = ["read", "write"]
