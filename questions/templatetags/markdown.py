"""Template filters and tags that render Markdown and code."""

from django import template
from django.utils.safestring import SafeString

from questions.content import markdown as rendering

register = template.Library()


@register.filter
def markdown(text: str) -> SafeString:
    """Return Markdown as block-level HTML."""
    return rendering.markdown_html(text)


@register.filter
def phrase(text: str) -> SafeString:
    """Return Markdown as phrasing content, for legends, labels and table cells."""
    return rendering.phrase_html(str(text))


@register.inclusion_tag("questions/attempts/_code.html")
def code_block(code: str, language: str) -> dict[str, str]:
    """Render a highlighted, scrollable code block with its language and a copy button."""
    return {"code": rendering.highlighted(code, language), "language": rendering.language_name(language)}
