"""How words are split, compared, corrected and marked."""

import pytest

from questions.content.markdown import plain_text
from questions.search.words import CERTAIN, POSSIBLE, contains, excerpt, marked, nearest, split_words, tokens


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("N+1 queries", ["N+1", "queries"]),
        ('  "select_related"?  ', ["select_related"]),
        ("a a A", ["a", "A"]),
        ("?!", []),
        ("\x00x", ["x"]),
        ("1 2 3 4 5 6 7 8 9", ["1", "2", "3", "4", "5", "6", "7", "8"]),
    ],
)
def test_queries_are_split_into_words(typed: str, words: list[str]) -> None:
    assert split_words(typed) == words


def test_an_excerpt_surrounds_the_first_match_and_marks_every_word() -> None:
    text = "lorem " * 60 + "the **lazy** `QuerySet` & <b>more</b> " + "ipsum " * 60
    shown = excerpt(plain_text(text), ["queryset", "lazy"])
    assert "the <mark>lazy</mark> <mark>QuerySet</mark> &amp; &lt;b&gt;more&lt;/b&gt; ipsum" in shown
    assert shown.startswith("… ")
    assert shown.endswith(" …")
    assert len(shown) < 320


def test_an_excerpt_of_a_short_text_is_the_whole_text() -> None:
    assert excerpt("One <word> only.", ["nothing"]) == "One &lt;word&gt; only."


@pytest.mark.parametrize(
    ("word", "text"),
    [
        ("queries", "One query."),
        ("caching", "It is cached."),
        ("middle", "Middleware wraps."),
        ("query", "A QuerySet."),
        ("select_related", "Use select_related()."),
        ("asyncio.gather", "await asyncio.gather(a, b)"),
        ("N+1", "The N+1 problem."),
        ("ΛΌΓΟς", "λόγος"),
    ],
)
def test_a_word_stands_for_its_forms_and_for_words_that_begin_with_it(word: str, text: str) -> None:
    assert contains(tokens(text), [word])


@pytest.mark.parametrize(
    ("word", "text"),
    [("ware", "middleware"), ("as", "async"), ("select_related", "related, then select"), ("N+1", "1 + n"), ("x", "")],
)
def test_other_words_do_not_match(word: str, text: str) -> None:
    assert not contains(tokens(text), [word])


KNOWN = {"middleware", "async", "transaction", "transactions", "django", "fastapi", "select", "related", "lock", "the"}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("midleware", "middleware"),
        ("middlewear", "middleware"),
        ("asnyc", "async"),
        ("djnago", "django"),
        ("fastpai", "fastapi"),
        ("transactoin", "transaction"),
        ("select_relatd", "select_related"),
        ("Locks", "Locks"),
        ("midd", "midd"),
        ("look", ""),
        ("teh", ""),
        ("kubernetes", ""),
    ],
)
def test_a_typing_error_is_corrected_and_a_known_word_is_kept(typed: str, meant: str) -> None:
    assert nearest(typed, KNOWN, CERTAIN) == meant


def test_a_less_similar_word_is_only_suggested() -> None:
    assert nearest("look", KNOWN, POSSIBLE) == "lock"


def test_every_match_is_marked_and_nothing_but_matches() -> None:
    shown = marked("Queries <b> select_related, middleware", ["query", "select_related", "middle", "related"])
    assert shown == ("<mark>Queries</mark> &lt;b&gt; <mark>select_related</mark>, <mark>middleware</mark>")
