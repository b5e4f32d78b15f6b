"""What searches find first, the same on both databases."""

import pytest

from questions.enums import Status
from questions.search.services import search
from questions.tests.factories import (
    CodeListingFactory,
    FAQFactory,
    GuideFactory,
    SectionFactory,
    TakeawayFactory,
    make_question,
)

pytestmark = pytest.mark.django_db

SECTIONS = {
    "Middleware": "It wraps every request of the site.",
    "Order of middleware classes": "The first one sees the request first.",
    "Requests and responses": "A request passes the middleware, then the view. The response goes back through it.",
    "Lazy querysets": "A queryset is evaluated when it is read.",
    "Evaluating a query": "The database runs one query for each evaluation, and its plan is cached.",
    "Caching": "Responses are cached by their address.",
    "Isolation": "Transactions see a snapshot. A deadlock ends one transaction.",
    "The N+1 problem": "One query for the list and one for each row; select_related joins the rows.",
    "Select what you need": "Related rows come later.",
    "Event loop": "An async function gives way at each await; asyncio.gather runs several.",
}
QUESTIONS = {
    "locks": "Which lock does select_for_update take?",
    "gather": "What does gather return?",
    "walrus": "Which operator assigns in an expression?",
    "threads": "When does a thread release the lock that it holds while it waits for the network?",
}
RANKING: list[tuple[str, list[str]]] = [
    # Titles rank first, of two titles the one with the shorter text.
    ("middleware", ["Middleware", "Order of middleware classes", "Requests and responses"]),
    ("caching", ["Caching", "Evaluating a query"]),
    ("requests", ["Requests and responses", "Middleware", "Order of middleware classes"]),
    # Word forms, in every direction.
    ("queries", ["Evaluating a query", "The N+1 problem"]),
    ("evaluated", ["Evaluating a query", "Lazy querysets"]),
    ("transaction", ["Isolation"]),
    ("caches", ["Caching", "Evaluating a query"]),
    # Beginnings of words, also while the word is being typed.
    ("middlew", ["Middleware", "Order of middleware classes", "Requests and responses"]),
    ("trans", ["Isolation"]),
    ("query", ["Evaluating a query", "Lazy querysets", "The N+1 problem"]),
    ("iso", ["Isolation"]),
    # Typing errors.
    ("midleware", ["Middleware", "Order of middleware classes", "Requests and responses"]),
    ("middlewear", ["Middleware", "Order of middleware classes", "Requests and responses"]),
    ("asnyc", ["Event loop"]),
    ("transactoin", ["Isolation"]),
    ("cachign", ["Caching", "Evaluating a query"]),
    ("evalauted qurey", ["Evaluating a query", "Lazy querysets"]),
    # Several words: all of them, wherever they stand.
    ("middleware request", ["Middleware", "Order of middleware classes", "Requests and responses"]),
    ("cached query", ["Evaluating a query"]),
    ("deadlock snapshot", ["Isolation"]),
    # Names in code.
    ("select_related", ["The N+1 problem"]),
    ("SELECT_RELATED()", ["The N+1 problem"]),
    ("asyncio.gather", ["Event loop"]),
    ("N+1", ["The N+1 problem"]),
    # Questions.
    ("lock", ["locks", "threads"]),
    ("locking", ["locks", "threads"]),
    ("gathers", ["Event loop", "gather"]),
    ("assignment expression", ["walrus"]),
    ("walrus", []),
]


@pytest.fixture
def names() -> dict[object, str]:
    """The names of sections and questions by row."""
    guide = GuideFactory(title="Something", quick_answer="Something else.")
    sections = [SectionFactory(guide=guide, title=title, body=body) for title, body in reversed(SECTIONS.items())]
    questions = {
        make_question("short_answer", stem=stem, explanation="A walrus."): name
        for name, stem in reversed(QUESTIONS.items())
    }
    make_question("short_answer", stem="Middleware, query, lock, transaction, caching?", status=Status.DRAFT)
    return questions | {section: section.title for section in sections}


@pytest.mark.parametrize(("typed", "expected"), RANKING)
def test_search_finds(names: dict[object, str], typed: str, expected: list[str]) -> None:
    found = search(typed)
    assert [names[hit.row] for hit in found.guides + found.questions] == expected


def test_hits_of_all_parts_of_guides_rank_together() -> None:
    guide = GuideFactory(title="Locks", quick_answer="A walrus waits until it is its turn.")
    section = SectionFactory(guide=guide, title="About the walrus", body="It waits as well.")
    listing = CodeListingFactory(section=section, title="Walrus", code="pass", note="")
    takeaway = TakeawayFactory(guide=guide, text="Mind the walrus.")
    assert [hit.row for hit in search("walrus").guides] == [listing, section, takeaway, guide]


def test_the_words_that_are_searched_for_instead_are_named() -> None:
    FAQFactory(question="Why middleware?")
    found = search("midleware WHY")
    assert (found.meant, found.suggestions) == ("middleware WHY", [])
    assert found.faqs[0].title == "<mark>Why</mark> <mark>middleware</mark>?"
    assert search("middleware").meant == ""


@pytest.mark.parametrize(
    ("typed", "suggestions"),
    [
        ("look", ["lock"]),  # one of four letters is too much to be certain
        ("midleware lock", ["middleware"]),  # corrected, they stand in no text together
        ("lock middleware", []),
        ("kubernetes", []),
    ],
)
def test_nearest_words_are_suggested_if_nothing_is_found(typed: str, suggestions: list[str]) -> None:
    FAQFactory(question="Why middleware?", answer="It wraps.")
    FAQFactory(question="Which lock?", answer="Any.")
    found = search(typed)
    assert not found
    assert (found.meant, found.suggestions) == ("", suggestions)
    assert all(search(word) for word in suggestions)
