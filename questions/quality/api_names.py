"""Check that dotted API names in inline code, such as `asyncio.gather`, exist in the installed libraries."""

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
    "sqlalchemy",
    "sqlite3",
    "starlette",
    "sys",
    "tempfile",
    "threading",
    "time",
    "typing",
    "urllib",
    "uuid",
    "werkzeug",
    "zlib",
]
# Modules searched for a class or a module that is named without its package.
SEARCHED_MODULES = [
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
    "sqlalchemy",
    "sqlalchemy.exc",
    "sqlalchemy.ext.asyncio",
    "sqlalchemy.orm",
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
# Usual names of instances, with the classes that they may be instances of.
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
    "session": ("sqlalchemy.orm.Session",),
    "lock": ("asyncio.Lock", "threading.Lock"),
    "user": ("django.contrib.auth.models.User",),
    "person": ("pydantic.BaseModel",),
    "Person": ("pydantic.BaseModel",),
    "patch": ("pydantic.BaseModel",),
    "attrs": ("builtins.dict",),
    "cleaned_data": ("builtins.dict",),
    "executor": ("concurrent.futures.ThreadPoolExecutor",),
    "monkeypatch": ("pytest.MonkeyPatch",),
}


def unresolved(entries: Iterable[Entry], *, known: Iterable[str] = ()) -> list[str]:
    """Return a finding for each dotted name that does not exist, except those in `known` or in the question's code."""
    exempt = set(known)
    return [
        f"{entry.name}: `{name}` does not exist in the installed libraries"
        for entry in entries
        for name in sorted(dotted_names(entry.item) - exempt)
        if not _is_defined_in(entry.item, name) and not exists(name)
    ]


def dotted_names(item: Item) -> set[str]:
    """Return the dotted names in inline code in the item's texts."""
    texts = [item.stem, item.explanation, item.model_answer]
    texts += [text for one in item.follow_ups for text in (one.text, one.model_answer)]
    texts += [text for option in item.options for text in (option.text, option.match, option.feedback)]
    texts += [criterion.text for criterion in item.criteria]
    spans = [span for text in texts for span in re.findall(r"(?<!`)`([^`\n]+)`(?!`)", text)]
    return {match[1] for span in spans if (match := DOTTED.fullmatch(span))}


def exists(name: str) -> bool:
    """Whether the name resolves in an installed library; annotations of a class count as attributes."""
    first, *rest = name.split(".")
    owners: list[Any] = []
    if first in MODULES:
        owners.append(_module(first))
    owners += [_attribute(_module(module), first) for module in SEARCHED_MODULES]
    owners += [_resolve(path) for path in INSTANCES.get(first, ())]
    return any(owner is not None and _has_path(owner, rest) for owner in owners)


def _is_defined_in(item: Item, name: str) -> bool:
    """Whether the question's own code or inline code defines the first part of the name."""
    first = name.split(".")[0]
    defined = rf"\b(?:class|def|import|as|for)\s+{first}\b|\b{first}\s*[:=,]|\b{first}\b.*\s=\s"
    texts = "\n".join([item.code, *re.findall(r"`([^`]+)`", f"{item.stem} {item.model_answer}")])
    return bool(re.search(defined, texts))


def _module(name: str) -> ModuleType | None:
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def _resolve(path: str) -> Any:
    module, _, name = path.rpartition(".")
    return _attribute(_module(module), name)


def _attribute(owner: Any, name: str) -> Any:
    """Return the attribute or submodule, `object` for one that is only annotated, or None."""
    if owner is None:
        return None
    try:
        found = getattr(owner, name, None)
    except RuntimeError:  # a proxy of Flask outside a request
        return None
    if found is None and isinstance(owner, ModuleType):
        found = _module(f"{owner.__name__}.{name}")
    if found is None and isinstance(owner, type):
        declared = {key for base in owner.__mro__ for key in (*getattr(base, "__annotations__", ()), *vars(base))}
        fields = getattr(owner, "model_fields", {})
        found = object if name in declared or name in fields or _sets_on_self(owner, name) else None
    return found


def _sets_on_self(owner: type, name: str) -> bool:
    """Whether a method of the class assigns `self.<name>`."""
    for base in owner.__mro__:
        with contextlib.suppress(OSError, TypeError):  # classes written in C have no source
            if re.search(rf"\bself\.{name}\s*[:=]", inspect.getsource(base)):
                return True
    return False


def _has_path(owner: Any, names: list[str]) -> bool:
    for name in names:
        owner = _attribute(owner, name)
        if owner is None:
            return False
    return True
