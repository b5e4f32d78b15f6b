"""Random requests built from the URLconf of the site and from the form fields on its pages."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from typing import Any
from urllib.parse import quote_from_bytes, urljoin, urlsplit

from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse
from hypothesis import strategies as st

FIELD = re.compile(r"<(input|select|textarea|button)\b([^>]*)>(.*?)(?=</select|</textarea|<input|<button|$)", re.DOTALL)
OPTION = re.compile(r'<option value="([^"]+)"( selected)?')
ATTRIBUTE = re.compile(r'\b(name|value|type)="([^"]*)"')

MODEL = re.compile(reverse("admin:index") + r"(\w+)/(\w+)/%")

ODD = [
    *("", " ", "\x00", "a\x00b", "\ud800", "\udfff!", "\u202e", "\ufeff", "\r\nX-Odd: yes", "é" * 300, "x" * 70_000),
    *("0", "-1", "1e309", "NaN", "Infinity", "١٢", "½", "9" * 30, "2" * 5_000, "1_0", str(2**31), str(2**63)),
    *("2025-02-30", "0001-01-01", "9999-12-31", "10000-01-01", "24:61", "Mars/Olympus", "../../etc/passwd", "/", "."),
    *("[", "[]", "{}", "null", "[" * 20_000, '{"a": NaN}', '{"id": 1, "response": []}', "on", "yes", "__all__"),
    *("<script>alert(1)</script>", "[x](javascript:alert(1))", "{{ 7 }}", "%s%n", "'; DROP TABLE x; --", "a=b&c"),
    *("//evil.example", "https://evil.example/", "javascript:alert(1)", "a@b", "a@example.org\nBcc: b@example.org"),
    *("pk__in", "00000000-0000-0000-0000-000000000000"),
]
QUERIES = ["q", "page", "p", "o", "next", "all", "topic", "status", "e", "_popup", "_to_field", "_changelist_filters"]
HEADERS = [
    *("HTTP_HX_REQUEST", "HTTP_HX_TARGET", "HTTP_HX_CURRENT_URL", "HTTP_ACCEPT", "HTTP_ACCEPT_LANGUAGE", "HTTP_HOST"),
    *("HTTP_REFERER", "HTTP_X_REQUEST_ID", "HTTP_IF_MODIFIED_SINCE", "HTTP_RANGE", "HTTP_X_FORWARDED_FOR"),
    *("CONTENT_TYPE", "HTTP_X_REQUESTED_WITH", "HTTP_USER_AGENT"),
]
EXTRA = ["go", "choice", "text", "action", "credential", "code"]
FORM = "application/x-www-form-urlencoded"
COOKIES = ["theme", "keys", "zone", "chosen_zone", "messages", "csrftoken", "sessionid"]
texts = st.one_of(st.sampled_from(ODD), st.text(max_size=20), st.integers().map(str), st.dates().map(str))


@dataclass(frozen=True)
class Place:
    """A URL pattern: its path with gaps, and the names of the gaps."""

    template: str
    gaps: tuple[str, ...]


def places(resolver: URLResolver | None = None, prefix: str = "", gaps: tuple[str, ...] = ()) -> Iterator[Place]:
    """Return every URL pattern, including those of packages."""
    resolver = resolver or get_resolver()
    for key in resolver.reverse_dict:
        for bits, *_rest in resolver.reverse_dict.getlist(key):
            for template, names in bits:
                yield Place("/" + prefix + template, (*gaps, *names))
    for below, inner in resolver.namespace_dict.values():
        yield from places(inner, prefix + below, gaps)


@dataclass
class World:
    """The clients, the values that fit the gaps, and the form fields found on the pages."""

    clients: dict[str, Client]
    values: dict[str, list[str]]
    fields: dict[tuple[str, Place], dict[str, tuple[str, str]]] = field(default_factory=dict)
    doors: list[tuple[str, Place]] = field(default_factory=list)
    answers: dict[int, int] = field(default_factory=dict)

    def fitting(self, place: Place, gap: str) -> list[str]:
        """Return the values for a gap that lead to a page."""
        model = MODEL.match(place.template)
        if gap in ("id", "object_id") and model:
            return [str(pk) for pk in apps.get_model(*model.groups()).objects.values_list("pk", flat=True)[:3]] or ["1"]
        return self.values.get(gap, ["x"])

    def look(self) -> None:
        """Open every URL with fitting values, and collect the form fields of the pages."""
        for place in PLACES:
            for who, client in self.clients.items():
                if who != "staff" and place.template.startswith(reverse("admin:index")):
                    continue
                filled = place.template % {gap: self.fitting(place, gap)[0] for gap in place.gaps}
                response = client.get(filled)
                assert response.status_code < 500, filled
                self.fields[who, place] = found_in(response)
                if response.status_code in (200, 405):  # others redirect, for example to the login
                    self.doors.append((who, place))

    def tell(self, response: HttpResponse) -> None:
        """Count the response."""
        self.answers[response.status_code] = self.answers.get(response.status_code, 0) + 1


def found_in(response: Any) -> dict[str, tuple[str, str]]:
    """Return the fields of the page by name, with type and value; query parameters of links have no type."""
    if response.streaming:
        response.getvalue()  # reading the file closes it
        return {}
    if "html" not in response.headers.get("Content-Type", ""):
        return {}
    page, found = response.content.decode(), {}
    for tag, attributes, inside in FIELD.findall(page):
        says = dict(ATTRIBUTE.findall(attributes))
        if tag == "textarea":
            says["value"] = inside.removeprefix("\n")
        if tag == "select" and (options := OPTION.findall(inside)):
            says["value"] = next((value for value, chosen in options if chosen), options[0][0])
        if "name" in says:
            found[says["name"]] = (says.get("type", ""), unescape(says.get("value", "")))
    return found


PLACES = sorted(set(places()), key=lambda place: place.template)


def ask(world: World, draw: Any) -> HttpResponse:
    """Return the response to a random request: mostly what a page would send, with some invalid parts."""
    anything = st.tuples(st.sampled_from(sorted(world.clients)), st.sampled_from(PLACES))
    who, place = draw(st.sampled_from(world.doors) | st.sampled_from(world.doors) | anything)
    client, known = world.clients[who], world.fields.get((who, place), {})
    path = place.template % {
        gap: in_path(draw(texts if draw(st.integers(0, 3)) == 0 else st.sampled_from(world.fitting(place, gap))))
        for gap in place.gaps
    }
    names = st.sampled_from([*QUERIES, *known]) | texts
    query = draw(st.dictionaries(names, texts, max_size=3))
    extra = draw(st.dictionaries(st.sampled_from(HEADERS), texts, max_size=1))
    extra = {name: value.encode(errors="replace").decode("latin-1") for name, value in extra.items()}
    before = {name: morsel.value for name, morsel in client.cookies.items()}
    for name, value in draw(st.dictionaries(st.sampled_from(COOKIES), texts, max_size=1)).items():
        client.cookies[name] = value.encode(errors="replace").decode("latin-1")
    try:
        address = f"{path}?{encoded(query)}" if query else path
        method = draw(st.sampled_from(["GET", "POST", "POST", "POST", "HEAD", "PUT", "OPTIONS"]))
        if method != "POST":
            return client.generic(method, address, **extra)
        return _send(client, address, known, draw, extra)
    finally:
        client.cookies.clear()
        for name, value in before.items():
            client.cookies[name] = value


def _send(client: Client, address: str, known: dict[str, tuple[str, str]], draw: Any, extra: dict[str, str]) -> Any:
    """Return the response to a form with the fields of the page, up to three invalid and up to two unknown ones."""
    data = {name: value for name, (_kind, value) in known.items()}
    if data:
        for name in draw(st.lists(st.sampled_from(sorted(data)), max_size=3, unique=True)):
            data[name] = draw(texts)
    data |= draw(st.dictionaries(st.sampled_from(EXTRA) | texts, texts, max_size=2))
    files = [name for name, (kind, _value) in known.items() if kind == "file"]
    if files:
        content = draw(st.binary(max_size=200) | texts.map(lambda text: text.encode(errors="replace")))
        name = draw(st.sampled_from(["a.zip", "a.json", "a.xml", "a.csv", "a.xlsx", "a.gift", "a.yaml", "../a", "a"]))
        sent = {name: value for name, value in data.items() if name and name not in files}
        plain = {name.encode(errors="replace").decode(): value.encode(errors="replace") for name, value in sent.items()}
        return client.post(address, plain | {files[0]: SimpleUploadedFile(name, content)}, **extra)
    kind = draw(st.sampled_from([FORM] * 8 + ["application/json", "multipart/form-data", ""]))
    extra = {"content_type": extra.pop("CONTENT_TYPE", kind), **extra}
    return client.generic("POST", address, encoded(data), **extra)


def in_path(value: str) -> str:
    """Return the value as a path segment, encoded as a browser does or as invalid UTF-8."""
    return quoted(value)[:4_000]


def quoted(value: str) -> str:
    """Return the value as forms encode it; a lone surrogate becomes invalid UTF-8."""
    return quote_from_bytes(value.encode("utf-8", "surrogatepass"), safe="")


def encoded(data: dict[str, str]) -> str:
    """Return the fields encoded as a form."""
    return "&".join(f"{in_path(name)}={quoted(value)}" for name, value in data.items())


def is_local(address: str) -> bool:
    """Return whether a redirect stays on the site, parsed as browsers do."""
    read = re.sub(r"[\x00-\x1f]", "", address).strip().replace("\\", "/")
    read = re.sub("^(https?:)?/{2,}", r"\1//", read)
    parts = urlsplit(urljoin("http://testserver/here/", read))
    return (parts.scheme, parts.netloc) == ("http", "testserver")
