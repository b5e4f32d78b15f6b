"""Two worlds that differ in which answers to a running attempt are right, and all that a candidate sees in each.

Both are made by the same steps with the same ids at the same frozen time. Options are shown in the order of their
texts, which is one of the draws that are equally likely in both.
"""

import re
import uuid
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from itertools import product
from typing import Any
from unittest.mock import patch

from django.apps import apps
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management.color import no_style
from django.db import connection, transaction
from django.http.request import HttpHeaders
from django.test import Client
from django.urls import resolve, reverse

from questions.accounts.owners import Owner
from questions.accounts.visitors import SESSION_KEY
from questions.attempts import services as attempts
from questions.attempts.models import Response
from questions.bank.models.topics import Topic
from questions.practice.focus import Focus
from questions.scheduling.models import Card
from questions.scheduling.plan_models import StudyPlan
from questions.study import calendar_feed, reminders
from questions.tests.attempt_steps import key_of, sent_for
from questions.tests.factories import UserFactory
from questions.tests.security.fuzz import PLACES, Place
from questions.tests.security.two_keys import ENDED, NOW, RUNNING, Bank

STARTED = uuid.UUID(int=4)  # the id that start buttons send
# Pages with secrets of their own, drawn anew each time; allauth makes them, which knows of no attempts.
DRAWN_ANEW = ("/accounts/2fa/",)
QUERIES = {
    "search": ["q=asked", "q=Alpha", "q=walrus", "q=because", "q=right"],
    "notes": ["q=walrus", "q=asked", "page=2"],
    "history": ["page=1", "page=2"],
    "aside": ["page=1"],
    "practice": ["topics=known", "topics=asked"],
    "note": ["next=/"],
}
UNLIKE = ("X-Request-ID", "Expires", "Content-Length")  # headers that no two responses share, or that follow the body
MADE_ANEW = [
    re.compile(r"\b[0-9A-Za-z]{64}\b"),  # CSRF tokens, and the digests by which a download names what was asked
    re.compile(r"(?<=nonce-)[\w+/=-]+"),
    re.compile(r'(?<=name="start_id" value=")[\w-]+'),
    re.compile(r"kept(?:=|%(?:25)*3D)[\w-]+"),  # ids of forms that are kept until after log-in
    re.compile(r'(?<=name="kept" value=")[\w-]+|(?<=name="unsent-id" value=")[\w-]+'),
    re.compile(r'(?<=name="page" value=")[\w-]+'),  # and of pages
    re.compile(r"(?<=/plan/)[\w.-]+(?=\.ics)"),  # renewed addresses of calendars
]
# Addresses to which nothing needs to be sent, and those of which a PUT does not tell whether they take a POST.
BUTTONS = (
    *("hand-in", "abandon", "practise-missed", "undo", "quiz", "take-up", "practise-question", "log-out-elsewhere"),
    *("data-delete", "question-preview", "account", "renew-calendar", "unsubscribe"),
)
Seen = dict[str, tuple[Any, ...]]


@contextmanager
def undone() -> Iterator[None]:
    """Undoes whatever happens within."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@contextmanager
def htmx_headers_read() -> Iterator[list[str]]:
    """Lists the headers of htmx that the server looks for within."""
    read, look_up = list[str](), HttpHeaders.__getitem__

    def noted(headers: HttpHeaders, name: str) -> str:
        if name.upper().startswith("HX"):
            read.append(name)
        return look_up(headers, name)

    with patch.object(HttpHeaders, "__getitem__", noted):
        yield read


def start_anew() -> None:
    """Gives new rows the ids after those that there are, and forgets what was counted for the limits."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(apps.get_models())):
            cursor.execute(statement)
    cache.clear()


@dataclass
class World:
    """A candidate, what they are asked, and all that they have seen."""

    owner: Owner
    bank: Bank
    cookies: dict[str, str]
    seen: Seen = field(default_factory=dict)

    @classmethod
    def of(cls, owner: Owner, bank: Bank) -> "World":
        """The world of somebody who is logged in, or of a visitor."""
        client = Client()
        if owner.user_id:
            client.force_login(UserFactory._meta.model.objects.get(pk=owner.user_id))
        else:
            session = client.session
            session[SESSION_KEY] = str(owner.visitor)
            session.save()
            client.cookies["sessionid"] = session.session_key
        return cls(owner, bank, {name: morsel.value for name, morsel in client.cookies.items()})

    def send(self, label: str, path: str, data: dict[str, Any] | None = None, *, follow: bool, htmx: bool) -> Any:
        """Sends a request, by POST where there is data, and keeps all that comes back."""
        client = self.client()
        headers = {"HX-Request": "true"} if htmx else {}
        if data is None:
            response = client.get(path, follow=follow, headers=headers)
        else:
            response = client.post(path, data, follow=follow, headers=headers)
        assert label not in self.seen, label
        self.seen[label] = (
            response.status_code,
            [(plain(url), status) for url, status in getattr(response, "redirect_chain", [])],
            *({name: plain(value) for name, value in response.items() if name not in UNLIKE}, content_of(response)),
            sorted(client.cookies.keys()),
        )
        return response

    def send_both_ways(self, label: str, path: str, data: dict[str, Any] | None = None, *, follow: bool) -> None:
        """Sends a request, and once more through htmx unless the server looked at nothing that htmx would tell it: such
        a response is the same both ways. What is posted is undone."""
        kept = nullcontext if data is None else undone
        with kept(), htmx_headers_read() as read:
            self.send(label, path, data, follow=follow, htmx=False)
        if read:
            with kept():
                self.send(f"{label} by htmx", path, data, follow=follow, htmx=True)

    def take(self, mode: str, answers: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
        """Starts the attempt and answers everything, rightly unless it is said how; returns the answers as sent."""
        attempt = attempts.start(
            owner=self.owner,
            questions=self.bank.asked,
            mode=mode,
            title="Running",
            at=NOW,
            time_limit=timedelta(hours=1),
            public_id=RUNNING,
        )
        sent = answers or [
            sent_for(place, key_of(place)) | {"confidence": "sure"}
            for place in attempt.responses.select_related("revision")
        ]
        for position, data in enumerate(sent, 1):
            address, htmx = reverse("question", args=[RUNNING, position]), bool(position % 2)
            self.send(f"before {position}", address, follow=True, htmx=False)
            go = ("save", "next")[position // 2 % 2]
            self.send(f"answer {position}", address, data | {"go": go}, follow=True, htmx=htmx)
        return sent

    def look_around(self) -> None:
        """Opens every address of the URLconf but those of the admin, with all that fits, by itself and through htmx."""
        for path, name in self.addresses():
            for query in ("", *QUERIES.get(name, ())):
                address = f"{path}?{query}" if query else path
                self.send_both_ways(f"GET {address}", address, follow=False)

    def press_everything(self) -> None:
        """Sends every form of ours, each alone, by itself and through htmx."""
        submissions, methods = self.submissions(), dict[str, str]()
        for path, name in self.addresses():
            if not resolve(path).func.__module__.startswith("questions.views"):
                continue
            if name not in methods:
                methods[name] = self.client().put(path).headers.get("Allow", "POST")
            follow = name not in ("hand-in", "abandon")  # what comes after those may tell everything
            sent = submissions[name] if "POST" in methods[name] else []
            for number, data in enumerate(sent):
                self.send_both_ways(f"POST {path} {number}", path, {"start_id": str(STARTED), **data}, follow=follow)

    def client(self) -> Client:
        """A browser of the candidate's as it was after the log-in."""
        client = Client()
        client.cookies.load(self.cookies)
        return client

    def addresses(self) -> Iterator[tuple[str, str]]:
        """Every path that there is, with the name of its pattern. Raises KeyError for a gap of which nobody has said
        what fits into it."""
        for place in PLACES:
            if not place.template.startswith((reverse("admin:index"), *DRAWN_ANEW)):
                for values in self.fitting(place):
                    path = place.template % values
                    yield path, resolve(path).url_name or path

    def fitting(self, place: Place) -> list[dict[str, Any]]:
        """What fits into the gaps of a pattern, in all combinations that lead somewhere, and a few that do not."""
        others = {"guide": self.bank.faq.guide_id, "faq": self.bank.faq.pk}
        pks = [*(question.pk for question in (*self.bank.asked[:2], self.bank.known[0])), *others.values()]
        values: dict[str, list[Any]] = {
            "slug": ["asked", "curated"],
            "token": self.tokens(),
            "kind": ["question", "guide", "faq"],
            "public_id": [RUNNING, ENDED],
            "position": list(range(1, len(self.bank.asked) + 2)),
            "pk": sorted({*pks, *Card.objects.owned_by(self.owner).values_list("pk", flat=True)}),
            **{gap: ["x"] for gap in ("digest", "extension", "key", "uidb36", "provider")},
        }
        found = (dict(zip(place.gaps, chosen, strict=True)) for chosen in product(*(values[gap] for gap in place.gaps)))
        return [
            one
            for one in found
            if (one.get("kind") not in others or one["pk"] == others[one["kind"]])
            and (one.get("public_id") != ENDED or one.get("position", 1) == 1)
        ]

    def tokens(self) -> list[str]:
        """The secret parts of the candidate's calendar feed and of the link that ends the reminders."""
        plan = StudyPlan.objects.owned_by(self.owner).get()
        return [calendar_feed.token_of(plan.calendar_id), reminders.unsubscribe_token(plan.pk)]

    def submissions(self) -> dict[str, list[dict[str, Any]]]:
        """What can be sent to each of our addresses that takes a form, by the name of its pattern."""
        topic = Topic.objects.get(slug="asked")
        filled = {"choice": "2", "text": "12", "row-1": "1", "row-2": "2", "row-3": "3", "flagged": "on", "seen": "odd"}
        return {
            "question": [
                *({"go": go} for go in ("check", "unknown", "previous", "finish", "2")),
                *(filled | {"go": go} for go in ("save", "next")),
            ],
            "closing": [{"text": "Why walruses?", "go": go} for go in ("previous", "finish")],
            "closing-draft": [{"text": "Why walruses?"}],
            "draft": [filled, filled | {"page": str(STARTED), "note": "A new walrus."}, {"page": str(STARTED)}],
            "assess": [{f"met-{position}": [box] for position in range(1, 10)} for box in ("1", "99")],
            "marks-drafts": [{f"{name}-{position}": "1" for name in ("marks", "met") for position in range(1, 10)}],
            "report": [{}, {"reason": "wrong_key", "text": "Is it?"}],
            "put-aside": [{"action": action} for action in ("bury", "suspended", "known")],
            "practice": [{}, {"number": "5", "mode": "practice"}],
            "practise-focus": [
                {"focus": focus, "topic": slug, "next": "/"} for focus in Focus.values for slug in ("", "asked")
            ],
            "practise-weakest": [{}, {"question": [str(question.pk) for question in self.bank.asked]}],
            "interview": [{}, {"minutes": "30", "topics": ["asked"]}],
            "start-session": [{}, {"minutes": "10"}],
            "placement": [{}],
            "placement-question": [{}, filled, {"unknown": "1"}],
            "plan": [{}, {"minutes": "30", "zone": "UTC", "retention": "90", f"topic-{topic.pk}": "2"}],
            "note": [{"text": "A new walrus."}, {"text": "", "seen": "odd"}],
            "bookmark": [{"marked": "on"}, {"marked": ""}],
            "data": [{}, {"file": SimpleUploadedFile("data.json", b"{}")}],
            "reminders": [{}, {"reminders": "daily"}],
            "preferences": [{"theme": "dark", "next": "/"}],
            "unsent": [{"kept": "none"}],
            **{name: [{}] for name in BUTTONS},
        }


def plain(text: str) -> str:
    """The text without what is made anew for every response."""
    for pattern in MADE_ANEW:
        text = pattern.sub("…", text)
    return text


def content_of(response: Any) -> Any:
    """The body; of an archive all that is in it."""
    content = response.getvalue() if response.streaming else response.content
    if response.headers.get("Content-Type") == "application/zip":
        archive = zipfile.ZipFile(BytesIO(content))
        return {name: plain(archive.read(name).decode()) for name in archive.namelist()}
    return plain(content.decode())


def fractions() -> list[float | None]:
    """What the answers to the running attempt earned."""
    return list(Response.objects.filter(attempt__public_id=RUNNING).values_list("fraction", flat=True))
