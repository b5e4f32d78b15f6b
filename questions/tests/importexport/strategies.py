"""Records of every type with texts full of what formats use as signs."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from hypothesis import strategies as st

from questions.content.item import Option
from questions.importexport.base import Reading, Record, Writing
from questions.tests.strategies import ITEMS

signs = st.sampled_from(
    [*"=~#{}:%*[]\\\n \t`_./$,>-A", "->", "####", "::", "\\n", "[html]", "[markdown]", "%50%", "//", "\n\n```\n", "<b>"]
)
texts = st.lists(signs | st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12).map("".join)
slugs = st.from_regex(r"[a-z][a-z0-9_-]{0,20}", fullmatch=True) | st.just("")
languages = st.sampled_from(["", "python", "c++"])


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A question of any type, its texts and those of its options replaced by unruly ones."""
    item = draw(st.one_of(*ITEMS.values()))
    unruly = draw(st.booleans())
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
        options=tuple(draw(unruly_options(option, item.type)) if unruly else option for option in item.options),
    )
    return Record(item, draw(slugs), draw(slugs), draw(st.sampled_from(["", "debug"])), 7)


@st.composite
def unruly_options(draw: st.DrawFn, option: Option, type_: str) -> Option:
    """The option with unruly texts, except for numbers."""
    text = option.text if type_ in ("numeric", "true_false") else draw(texts)
    return replace(option, text=text, match=option.match and draw(texts), feedback=draw(texts))


def check_round_trip(
    found: list[Record], write: Callable[[Iterable[Record]], Writing], read: Callable[[bytes], Reading]
) -> None:
    """What is neither refused nor said to be lost comes back equal, and what is said to be lost does not."""
    found = [replace(record, line=number) for number, record in enumerate(found)]
    writing = write(found)
    reading = read(writing.content)
    assert not reading.refused
    refused, lost = ({remark.line for remark in remarks} for remarks in (writing.refused, writing.lost))
    kept = [record for record in found if record.line not in refused]
    assert len(reading.records) == len(kept)
    for record, back in zip(kept, reading.records, strict=True):
        assert (record == back) == (record.line not in lost)
