"""Markdown and code in templates."""

from django import template
from django.utils.safestring import SafeString

from questions.content import markdown as rendering

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Block-level HTML of Markdown."""
    return rendering.markdown_html(text)


@register.filter
def phrase(text: str) -> SafeString:
    """Phrasing content of Markdown, for legends, labels and table cells."""
    return rendering.phrase_html(str(text))


@register.inclusion_tag("questions/attempts/_code.html")
def code_block(code: str, language: str) -> dict[str, str]:
    """A highlighted code block that scrolls inside itself, with its language and a button that copies it."""
    return {"code": rendering.highlighted(code, language), "language": rendering.language_name(language)}
