"""Hypothesis strategies for sound items of every type, orders to show their options in, and answers to them."""

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from questions import types
from questions.content.item import Criterion, FollowUpQuestion, Item, Option, Source

texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=30).filter(str.strip)
words = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=8)


def _options(texts: list[str], weights: list[float]) -> tuple[Option, ...]:
    return tuple(Option(text=text, weight=weight, feedback="why") for text, weight in zip(texts, weights, strict=True))


def _distinct(minimum: int = 2, maximum: int = 6) -> st.SearchStrategy[list[str]]:
    return st.lists(words, min_size=minimum, max_size=maximum, unique=True)


@st.composite
def single_choices(draw: st.DrawFn) -> Item:
    texts = draw(_distinct())
    weights = [draw(st.sampled_from([0.0, 0.25, 0.5])) for _ in texts]
    weights[draw(st.integers(0, len(texts) - 1))] = 1.0
    return Item(type="single_choice", stem="?", options=_options(texts, weights))


@st.composite
def true_falses(draw: st.DrawFn) -> Item:
    return Item(type="true_false", stem="?", options=_options(["True", "False"], draw(st.permutations([1.0, 0.0]))))


@st.composite
def multiple_choices(draw: st.DrawFn) -> Item:
    texts = draw(_distinct())
    right = draw(st.integers(1, len(texts) - 1))
    wrong = len(texts) - right
    explicit = draw(st.booleans())
    weights = [1 / right if explicit else 1.0] * right + [-1 / wrong if explicit else 0.0] * wrong
    return Item(
        type="multiple_choice", stem="?", options=_options(texts, draw(st.permutations([round(w, 5) for w in weights])))
    )


@st.composite
def short_answers(draw: st.DrawFn) -> Item:
    texts = draw(_distinct(1))
    weights = [1.0, *(draw(st.sampled_from([0.0, 0.5, 1.0])) for _ in texts[1:])]
    return Item(type="short_answer", stem="?", case_sensitive=draw(st.booleans()), options=_options(texts, weights))


@st.composite
def numerics(draw: st.DrawFn) -> Item:
    numbers = draw(st.lists(st.integers(-1000, 1000), min_size=1, max_size=4, unique=True))
    tolerance = draw(st.sampled_from(["", "0", "0.25", "1%", "2 %"]))
    options = tuple(
        Option(text=str(number), weight=0.0 if place else 1.0, tolerance=tolerance)
        for place, number in enumerate(numbers)
    )
    units = draw(st.sampled_from(["", "", "%", "ms, milliseconds = ms, s = 1000 ms", "MB, Mb = 0.125 MB"]))
    return Item(type="numeric", stem="?", units=units, options=options)


@st.composite
def orderings(draw: st.DrawFn) -> Item:
    texts = draw(_distinct(2, 7))
    return Item(type="ordering", stem="?", options=_options(texts, [0.0] * len(texts)))


@st.composite
def matchings(draw: st.DrawFn) -> Item:
    texts = draw(_distinct(2, 5))
    matches = draw(st.lists(words, min_size=len(texts), max_size=len(texts)).filter(lambda found: len(set(found)) > 1))
    extra = draw(st.lists(words, max_size=2))
    options = [Option(text=text, match=match) for text, match in zip(texts, matches, strict=True)]
    return Item(type="matching", stem="?", options=(*options, *(Option(text="", match=match) for match in extra)))


@st.composite
def listings(draw: st.DrawFn) -> Item:
    """Draw an item whose listing has right, tempting, other and blank lines, and no fewer wrong ones than right."""
    right = draw(st.integers(1, 3))
    others = draw(st.lists(st.sampled_from(["blank", "tempting"]), max_size=2))
    share = draw(st.sampled_from([1.0, round(1 / right, 5)]))
    code, options = ["start"], []
    for kind in draw(st.permutations([*["right"] * right, *["other"] * right, *others])):
        code.append("" if kind == "blank" else f"  {draw(words)}")
        if kind in ("right", "tempting"):
            code += ["more"] * draw(st.integers(0, 1 if right < 3 else 0))
            name = str(len(code)) if code[-1] != "more" else f"{len(code) - 1}-{len(code)}"
            options.append(Option(name, share if kind == "right" else 0.0, feedback="why"))
    return Item(type="find_lines", stem="?", code="\n".join([*code, "end"]), options=tuple(options))


@st.composite
def opens(draw: st.DrawFn) -> Item:
    weights = draw(st.lists(st.integers(1, 5), min_size=1, max_size=7))
    criteria = tuple(
        Criterion(text=f"c{place}", weight=float(weight), essential=draw(st.booleans()))
        for place, weight in enumerate(weights)
    )
    return Item(
        type="open",
        stem="?",
        model_answer="Like so.",
        criteria=criteria,
        follow_ups=tuple(draw(st.lists(st.builds(FollowUpQuestion, texts, st.just("") | texts), max_size=2))),
        sources=(Source("Docs"),),
    )


ITEMS: dict[str, st.SearchStrategy[Item]] = {
    "single_choice": single_choices(),
    "multiple_choice": multiple_choices(),
    "true_false": true_falses(),
    "short_answer": short_answers(),
    "numeric": numerics(),
    "ordering": orderings(),
    "matching": matchings(),
    "find_lines": listings(),
    "open": opens(),
}
items = st.one_of(*ITEMS.values())


@st.composite
def shown(draw: st.DrawFn) -> tuple[Item, list[int]]:
    """Draw an item and an order in which its options could be shown."""
    item = draw(items)
    return item, types.get(item.type).order(item, draw(st.randoms(use_true_random=False)))


def answer_to(item: Item, draw: st.DrawFn) -> dict[str, Any]:
    """Draw an answer with the shape that the item's type takes."""
    count = len(item.options)
    if item.type in ("single_choice", "true_false"):
        return {"chosen": [draw(st.integers(0, count - 1))]}
    if item.type == "multiple_choice":
        return {"chosen": sorted(draw(st.sets(st.integers(0, count - 1), min_size=1)))}
    if item.type in ("short_answer", "numeric"):
        return {"text": draw(st.one_of(st.sampled_from([option.text for option in item.options]), texts))}
    if item.type == "ordering":
        return {"order": draw(st.permutations(range(count)))}
    if item.type == "matching":
        rows = len([option for option in item.options if option.text])
        matches = len({option.match for option in item.options})
        return {"matches": [draw(st.none() | st.integers(0, matches - 1)) for _ in range(rows)]}
    if item.type == "find_lines":
        numbers = [number for number, line in enumerate(item.code.split("\n"), 1) if line.strip()]
        return {"lines": sorted(draw(st.sets(st.sampled_from(numbers), min_size=1)))}
    met = sorted(draw(st.sets(st.integers(0, len(item.criteria) - 1))))
    return {"text": "mine", "aloud": False, "met": met}


@st.composite
def answered(draw: st.DrawFn) -> tuple[Item, dict[str, Any]]:
    """Draw an item and an answer to it."""
    item = draw(items)
    return item, answer_to(item, draw)


# Any text that a person can type: line ends are \n, without surrogates and NUL.
anything = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0\r"), max_size=40)
slugs = st.from_regex(r"[a-z][a-z0-9-]{0,12}", fullmatch=True)


@st.composite
def _full_items(draw: st.DrawFn) -> Item:
    """Draw a sound item of any type with content in most fields."""
    item = draw(items)
    options = tuple(replace(option, feedback=draw(anything)) for option in item.options)
    return replace(
        item,
        stem=draw(anything.filter(str.strip)),
        code=item.code or draw(anything),
        code_language=draw(st.sampled_from(["", "python", "sql"])),
        holds_for=draw(st.sampled_from(["", "Django 5.2", "Python 3.11, Flask 3.1"])),
        difficulty=draw(st.sampled_from(["", "easy", "medium", "hard"])),
        seniority=draw(st.sampled_from(["", "junior", "mid", "senior"])),
        explanation=draw(anything),
        model_answer=draw(anything) if item.type == "open" else "",
        options=options,
        sources=tuple(draw(st.lists(st.builds(Source, anything.filter(str.strip), anything), max_size=2))),
    )


full_items = _full_items()
