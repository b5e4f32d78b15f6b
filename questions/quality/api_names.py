"""Whether what is set as inline code, and looks like a dotted name of a library that we ask about, exists there."""

import contextlib
import importlib
import inspect
import re
from collections.abc import Iterable
from types import ModuleType
from typing import Any

from questions.content.item import Item
from questions.quality.entries import Entry

DOTTED = re.compile(r"@?([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+)(?:\(.*\))?", re.DOTALL)
MODULES = [
    "asyncio",
    "anyio",
    "asgiref",
    "collections",
    "concurrent",
    "contextlib",
    "contextvars",
    "copy",
    "datetime",
    "decimal",
    "django",
    "enum",
    "faulthandler",
    "fastapi",
    "flask",
    "functools",
    "gc",
    "hashlib",
    "http",
    "inspect",
    "io",
    "itertools",
    "json",
    "logging",
    "multiprocessing",
    "os",
    "pydantic",
    "queue",
    "random",
    "re",
    "rest_framework",
    "signal",
    "socket",
    "sqlite3",
    "starlette",
    "sys",
    "threading",
    "time",
    "typing",
    "urllib",
    "uuid",
    "werkzeug",
    "zlib",
]
# Where a class or a module is looked for that is named without its package.
HOMES = [
    "builtins",
    "asyncio",
    "contextlib",
    "contextvars",
    "datetime",
    "decimal",
    "enum",
    "threading",
    "queue",
    "typing",
    "concurrent.futures",
    "multiprocessing",
    "anyio",
    "asgiref.sync",
    "asgiref.local",
    "http",
    "logging",
    "uuid",
    "django.apps",
    "django.conf",
    "django.contrib.auth.models",
    "django.contrib.messages",
    "django.core.cache",
    "django.core.exceptions",
    "django.core.handlers.base",
    "django.core.validators",
    "django.db",
    "django.db.models",
    "django.db.transaction",
    "django.dispatch",
    "django.forms",
    "django.http",
    "django.middleware.common",
    "django.shortcuts",
    "django.test",
    "django.urls",
    "django.utils.decorators",
    "django.utils.deprecation",
    "django.views",
    "django.views.generic",
    "django.contrib.auth.middleware",
    "django.contrib.sessions.middleware",
    "django.middleware",
    "django.views.decorators",
    "django.utils",
    "django.contrib",
    "django.core",
    "django.template",
    "fastapi",
    "fastapi.exceptions",
    "fastapi.middleware.cors",
    "fastapi.responses",
    "fastapi.routing",
    "fastapi.security",
    "fastapi.testclient",
    "flask",
    "flask.views",
    "pydantic",
    "pydantic_core",
    "rest_framework",
    "rest_framework.exceptions",
    "rest_framework.fields",
    "rest_framework.pagination",
    "rest_framework.permissions",
    "rest_framework.renderers",
    "rest_framework.request",
    "rest_framework.response",
    "rest_framework.routers",
    "rest_framework.serializers",
    "rest_framework.test",
    "rest_framework.throttling",
    "rest_framework.validators",
    "rest_framework.views",
    "rest_framework.viewsets",
    "starlette",
    "starlette.datastructures",
    "starlette.applications",
    "starlette.background",
    "starlette.middleware",
    "starlette.middleware.base",
    "starlette.requests",
    "starlette.responses",
    "starlette.routing",
    "starlette.types",
    "werkzeug.exceptions",
    "werkzeug.routing",
    "werkzeug.wrappers",
    "werkzeug.datastructures",
]
# What people call an instance, and the classes of which it may be one.
INSTANCES = {
    "app": ("fastapi.FastAPI", "flask.Flask"),
    "request": (
        "flask.Request",
        "django.http.HttpRequest",
        "starlette.requests.Request",
        "rest_framework.request.Request",
    ),
    "response": ("django.http.HttpResponse", "flask.Response", "starlette.responses.Response"),
    "serializer": ("rest_framework.serializers.ModelSerializer",),
    "form": ("django.forms.ModelForm",),
    "router": ("fastapi.APIRouter", "rest_framework.routers.DefaultRouter"),
    "loop": ("asyncio.AbstractEventLoop", "asyncio.BaseEventLoop"),
    "context": ("contextvars.Context",),
    "connection": ("socket.socket",),
    "job": ("asyncio.Task",),
    "pattern": ("re.Pattern",),
    "pool": ("concurrent.futures.ProcessPoolExecutor",),
    "task": ("asyncio.Task",),
    "queryset": ("django.db.models.QuerySet",),
    "model": ("pydantic.BaseModel", "django.db.models.Model"),
    "queue": ("asyncio.Queue", "queue.Queue"),
    "lock": ("asyncio.Lock", "threading.Lock"),
    "user": ("django.contrib.auth.models.User",),
    "person": ("pydantic.BaseModel",),
    "Person": ("pydantic.BaseModel",),
    "patch": ("pydantic.BaseModel",),
    "attrs": ("builtins.dict",),
    "cleaned_data": ("builtins.dict",),
    "executor": ("concurrent.futures.ThreadPoolExecutor",),
}


def unresolved(entries: Iterable[Entry], *, known: Iterable[str] = ()) -> list[str]:
    """A line for each dotted name that exists nowhere, unless its question's code defines it or `known` lists it."""
    exempt = set(known)
    return [
        f"{entry.name}: `{name}` does not exist in what is installed"
        for entry in entries
        for name in sorted(dotted_names(entry.item) - exempt)
        if not _is_own(name, entry.item) and not exists(name)
    ]


def dotted_names(item: Item) -> set[str]:
    """The dotted names set as inline code in the item's texts."""
    texts = [item.stem, item.explanation, item.model_answer, *item.follow_ups]
    texts += [text for option in item.options for text in (option.text, option.match, option.feedback)]
    texts += [criterion.text for criterion in item.criteria]
    spans = [span for text in texts for span in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)]
    return {match[1] for span in spans if (match := DOTTED.fullmatch(span))}


def exists(name: str) -> bool:
    """Whether the name leads to something in an installed library; annotations of classes count as attributes."""
    first, *rest = name.split(".")
    starts: list[Any] = []
    if first in MODULES:
        starts.append(_module(first))
    starts += [_attribute(_module(home), first) for home in HOMES]
    starts += [_path(path) for path in INSTANCES.get(first, ())]
    return any(start is not None and _leads(start, rest) for start in starts)


def _is_own(name: str, item: Item) -> bool:
    """Whether the first part is defined in the question's own code, or is an example's file or host."""
    first = name.split(".")[0]
    defined = rf"\b(?:class|def|import|as|for)\s+{first}\b|\b{first}\s*[:=,]|\b{first}\b.*\s=\s"
    texts = "\n".join([item.code, *re.findall(r"`([^`]+)`", f"{item.stem} {item.model_answer}")])
    return bool(re.search(defined, texts))


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _path(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return _attribute(_module(module), name)


def _attribute(owner: Any, name: str) -> Any:
    """The attribute or submodule of that name; None where there is none, and something where it is only annotated."""
    if owner is None:
        return None
    try:
        found = getattr(owner, name, None)
    except RuntimeError:  # one of Flask's proxies, outside a request
        return None
    if found is None and isinstance(owner, ModuleType):
        found = _module(f"{owner.__name__}.{name}")
    if found is None and isinstance(owner, type):
        declared = {key for base in owner.__mro__ for key in (*getattr(base, "__annotations__", ()), *vars(base))}
        fields = getattr(owner, "model_fields", {})
        found = object if name in declared or name in fields or _sets(owner, name) else None
    return found


def _sets(owner: type, name: str) -> bool:
    """Whether the class gives its instances that attribute."""
    for base in owner.__mro__:
        with contextlib.suppress(OSError, TypeError):  # written in C
            if re.search(rf"\bself\.{name}\s*[:=]", inspect.getsource(base)):
                return True
    return False


def _leads(start: Any, rest: list[str]) -> bool:
    for name in rest:
        start = _attribute(start, name)
        if start is None:
            return False
    return True
