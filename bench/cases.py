"""The requests that are measured: of two floors, and of the site's pages."""

import statistics
import time
import uuid
from dataclasses import dataclass, field
from typing import Any

CSRF = "b" * 32
STARTS = 3_000  # more than a run can send
EACH = (  # cases that a part is measured by
    *("question", "answer + feedback", "home, visitor", "topics, visitor", "guide, visitor"),
    *("home, logged in", "guide, logged in", "start of a quiz"),
)


@dataclass
class Case:
    """A kind of request to one server, and what was measured."""

    name: str
    server: str
    plan: list[str]  # the requests, as `line` writes them
    per: int = 1  # requests that count as one
    moved: int = 0  # how many of these are redirected
    once: bool = False  # each request of the plan can be sent only once
    timed: bool = False  # requests are sent one after the other, since what counts is how long one takes
    floor: str = ""  # the case that its rate is compared with
    goal: float = 0.0  # for the ratio to its floor
    rates: list[float] = field(default_factory=list)
    middle: list[float] = field(default_factory=list)
    p99: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return how many were answered in a second: the median of the runs."""
        return statistics.median(self.rates)

    @property
    def slowest(self) -> float:
        """Return the 99th percentile of the time in milliseconds: the median of the runs."""
        return statistics.median(self.p99)


def line(path: str, *, session: str = "", body: str = "", htmx: bool = False) -> str:
    """Return a request as load.lua reads it."""
    cookie = f"sessionid={session}; csrftoken={CSRF}" if session else ""
    return "\t".join(["POST" if body else "GET", path, cookie, "htmx" if htmx else "", body])


def floors(data: dict[str, Any]) -> list[Case]:
    """Return the cases of the two floors."""
    session = data["sessions"][0]
    pages = [line(f"/questions/{data['first'] + n}/", session=session) for n in range(300)]
    return [
        Case("floor a: page", "floor", pages),
        Case("floor b: answer", "floor", [line("/answers/", session=session, body="choice=2")]),
    ]


def cases(data: dict[str, Any], server: str) -> list[Case]:
    """Return the cases that are compared with the floors."""
    people = list(zip(data["sessions"], data["attempts"], strict=True))
    pages = [[(f"{attempt}{n}/", session) for session, attempt in people] for n in range(1, data["asked"] + 1)]
    # Of each attempt, the last page is only looked at; an answer is given once, with htmx on half of the others.
    *answered, looked = pages
    half = len(answered) // 2
    body = f"csrfmiddlewaretoken={CSRF}&go=check&choice=1&confidence=unsure&shown_at={int(time.time())}"
    by_htmx = [
        line(address, session=session, body=body, htmx=True) for page in answered[:half] for address, session in page
    ]
    by_form = [
        sent
        for page in answered[half:]
        for address, session in page
        for sent in (line(address, session=session, body=body), line(address, session=session))
    ]
    page: dict[str, Any] = {"floor": "floor a: page"}
    answer: dict[str, Any] = {"floor": "floor b: answer", "goal": 0.5, "once": True}
    return [
        Case("question", server, [line(address, session=session) for address, session in looked], **page, goal=0.8),
        Case("answer + feedback", server, by_htmx, **answer),
        Case("the same without JavaScript", server, by_form, per=2, moved=1, **answer),
        Case("home, visitor", server, [line("/")], **page, goal=1.5),
        Case("topics, visitor", server, [line("/topics/")], **page, goal=1.5),
        Case("guide, visitor", server, [line(data["topic"])], **page, goal=1.5),
    ]


def more_cases(data: dict[str, Any], server: str) -> list[Case]:
    """Return the other cases of a site: questions drawn at random, pages of members, and the start of a quiz."""
    drawn = zip(data["drawn_sessions"], data["drawn"], strict=True)
    looked = [
        line(f"{attempt}{n}/", session=session) for session, attempt in drawn for n in range(1, data["asked"] + 1)
    ]
    body = f"csrfmiddlewaretoken={CSRF}&number={data['asked']}&mode=practice&start_id="
    starts = [
        line("/practice/", session=data["sessions"][n % len(data["sessions"])], body=body + str(uuid.uuid4()))
        for n in range(STARTS)
    ]
    return [
        Case("question, any of all", server, looked, once=True),  # hardly one of them was shown before
        *(
            Case(f"{name}, logged in", server, [line(path, session=session) for session in data["members"]])
            for name, path in (("home", "/"), ("topics", "/topics/"), ("guide", data["topic"]))
        ),
        Case("start of a quiz", server, starts, moved=1, once=True, timed=True),
    ]


def each_cases(data: dict[str, Any], server: str) -> list[Case]:
    """Return the cases by which the parts of the speed code are measured."""
    every = {case.name: case for case in (*cases(data, server), *more_cases(data, server))}
    return [every[name] for name in EACH]
