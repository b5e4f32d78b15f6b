"""Markdown and code in templates."""

from django import template
from django.utils.safestring import SafeString

from questions import rendering

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Block-level HTML of Markdown."""
    return rendering.markdown_html(text)


@register.filter
def phrase(text: str) -> SafeString:
    """Phrasing content of Markdown, for legends, labels and table cells."""
    return rendering.phrase_html(str(text))


@register.simple_tag
def code_block(code: str, language: str) -> SafeString:
    """A highlighted code block."""
    return rendering.code_block_html(code, language)
