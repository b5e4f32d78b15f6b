"""Template filters and tags that render Markdown and code."""

from django import template
from django.conf import settings
from django.utils.safestring import SafeString

from questions.content import markdown as rendering
from questions.content.pictures import Picture

register = template.Library()


@register.filter
def markdown(text: str, pictures: tuple[Picture, ...] | None = None) -> SafeString:
    """Return Markdown as block-level HTML with these pictures; without pictures if none are given."""
    return rendering.markdown_html(text, pictures)


@register.filter
def phrase(text: str, pictures: tuple[Picture, ...] | None = None) -> SafeString:
    """Return Markdown as phrasing content, for legends, labels and table cells; `pictures` as in `markdown`."""
    return rendering.phrase_html(str(text), pictures)


@register.simple_tag
def content_language() -> str:
    """Return the language of guides and questions, for the attribute `lang` where the interface has another one."""
    return settings.CONTENT_LANGUAGE


@register.inclusion_tag("questions/attempts/_code.html")
def code_block(code: str, language: str) -> dict[str, str]:
    """Render a highlighted, scrollable code block with its language and a copy button."""
    return {"code": rendering.highlighted(code, language), "language": rendering.language_name(language)}
