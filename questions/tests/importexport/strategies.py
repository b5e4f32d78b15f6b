"""Hypothesis strategies for records of every question type with texts full of the formats' special characters."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from hypothesis import strategies as st

from questions.content.item import Option
from questions.importexport.base import ExportedFile, ParsedFile, Record
from questions.tests.strategies import ITEMS

special_characters = st.sampled_from(
    [*"=~#{}:%*[]\\\n \t`_./$,>-A", "->", "####", "::", "\\n", "[html]", "[markdown]", "%50%", "//", "\n\n```\n", "<b>"]
)
texts = st.lists(
    special_characters | st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12
).map("".join)
slugs = st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True) | st.just("")
languages = st.sampled_from(["", "python", "c++"])


@st.composite
def records(draw: st.DrawFn) -> Record:
    """Generate a record of any type with tricky texts in its stem, code, explanation and options."""
    item = draw(st.one_of(*ITEMS.values()))
    has_tricky_options = draw(st.booleans())
    code = draw(texts)
    item = replace(
        item,
        stem=draw(texts),
        code=code,
        code_language=draw(languages) if code else "",
        holds_for=draw(texts),
        difficulty=draw(st.sampled_from(["", "easy", "hard"])),
        seniority=draw(st.sampled_from(["", "mid"])),
        explanation=draw(texts),
        options=tuple(
            draw(tricky_options(option, item.type)) if has_tricky_options else option for option in item.options
        ),
    )
    return Record(item, draw(slugs), draw(slugs), draw(st.sampled_from(["", "debug"])), 7)


@st.composite
def tricky_options(draw: st.DrawFn, option: Option, type_: str) -> Option:
    """Generate the option with tricky texts, except for numbers and True or False."""
    text = option.text if type_ in ("numeric", "true_false") else draw(texts)
    return replace(option, text=text, match=option.match and draw(texts), feedback=draw(texts))


def check_round_trip(
    found: list[Record], write: Callable[[Iterable[Record]], ExportedFile], read: Callable[[bytes], ParsedFile]
) -> None:
    """Assert that each record comes back equal if and only if the export neither refuses it nor reports a loss."""
    found = [replace(record, line=number) for number, record in enumerate(found)]
    exported = write(found)
    parsed = read(exported.content)
    assert not parsed.refused
    refused, losses = ({issue.line for issue in issues} for issues in (exported.refused, exported.losses))
    kept = [record for record in found if record.line not in refused]
    assert len(parsed.records) == len(kept)
    for record, back in zip(kept, parsed.records, strict=True):
        assert (record == back) == (record.line not in losses)
