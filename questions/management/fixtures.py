"""What can be told of a fixture that could not be loaded: where in the file, which object, and why."""

import re
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models

NO_LIST = "the file is no list of objects with a model and fields each"


def place(path: str, number: int) -> str:
    """Where the object of that number, from 1, stands, and its name: "line 14: questions.topic ['python']".

    Only the number where that cannot be told, and nothing for a file that cannot be read as YAML or JSON at all, since
    the reason then says where.
    """
    if Path(path).suffix not in {".yaml", ".yml", ".json"}:
        return f"object {number}"
    try:
        text = Path(path).read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
        content = yaml.safe_load(text)
    except (yaml.YAMLError, UnicodeDecodeError):
        return ""
    if not isinstance(node, yaml.SequenceNode) or len(node.value) < number:
        return ""
    return f"line {node.value[number - 1].start_mark.line + 1}: {_named_raw(content[number - 1])}"


def reason(error: BaseException) -> str:
    """The error in words, without what Django says of the file around it."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        return " ".join(f"{field}: {' '.join(told)}" for field, told in error.message_dict.items())
    text = re.sub(r"^Problem installing fixtures?( '[^']*')?: ", "", str(error))
    if isinstance(error.__cause__, Exception) and not text:  # the file is not even YAML or JSON
        return str(error.__cause__)
    cause = error.__cause__ if text.startswith("Error deserializing object: ") else error
    if isinstance(cause, TypeError):
        return NO_LIST
    if isinstance(cause, KeyError):
        return f"{cause.args[0]} is missing"
    return text.removeprefix("Error deserializing object: ")


def named(row: models.Model) -> str:
    """The model and the natural key, as they stand in a fixture."""
    try:
        key = row.natural_key()  # type: ignore[attr-defined]
    except (AttributeError, ObjectDoesNotExist):
        key = row.pk
    return f"{row._meta.label_lower} {list(key) if isinstance(key, tuple) else key}"


def is_texts(value: Any) -> bool:
    """Whether that is a list of strings, and not an empty one."""
    return isinstance(value, list) and bool(value) and all(isinstance(text, str) for text in value)


def _named_raw(content: Any) -> str:
    """The same for an object as it stands in the file, which may lack anything."""
    if not isinstance(content, dict):
        return repr(content)
    label, fields = str(content.get("model")), content.get("fields")
    try:
        lookups = apps.get_model(label).natural_key_lookups
    except (LookupError, ValueError, AttributeError):
        return label
    key: list[Any] = []
    for name in dict.fromkeys(lookup.split("__")[0] for lookup in lookups):
        value = fields.get(name) if isinstance(fields, dict) else None
        key += value if isinstance(value, list) else [value]
    return f"{label} {key}"
