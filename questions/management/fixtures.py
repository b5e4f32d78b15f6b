"""Error messages for fixtures that could not be loaded: line, object and reason."""

import re
from pathlib import Path
from typing import Any

import yaml
from django.apps import apps
from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models

NOT_A_LIST = "the file is not a list of objects with “model” and “fields”"


def describe_object(path: str, number: int) -> str:
    """Return line and key of the object with this number, from 1, such as "line 14: questions.topic ['python']".

    Return only the number for other formats than YAML and JSON, and nothing for a file with a syntax error, since the
    error then names the line.
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
    return f"line {node.value[number - 1].start_mark.line + 1}: {_describe_content(content[number - 1])}"


def reason(error: BaseException) -> str:
    """Return the error as text, without the file name that Django adds."""
    if isinstance(error, ValidationError) and hasattr(error, "error_dict"):
        return " ".join(f"{field}: {' '.join(texts)}" for field, texts in error.message_dict.items())
    text = re.sub(r"^Problem installing fixtures?( '[^']*')?: ", "", str(error))
    if isinstance(error.__cause__, Exception) and not text:  # a syntax error in YAML or JSON
        return str(error.__cause__)
    cause = error.__cause__ if text.startswith("Error deserializing object: ") else error
    if isinstance(cause, TypeError):
        return NOT_A_LIST
    if isinstance(cause, KeyError):
        return f"{cause.args[0]} is missing"
    return text.removeprefix("Error deserializing object: ")


def describe_row(row: models.Model) -> str:
    """Return the model and the natural key of a row, as in a fixture."""
    try:
        key = row.natural_key()  # type: ignore[attr-defined]
    except (AttributeError, ObjectDoesNotExist):
        key = row.pk
    return f"{row._meta.label_lower} {list(key) if isinstance(key, tuple) else key}"


def is_list_of_strings(value: Any) -> bool:
    """Whether the value is a non-empty list of strings."""
    return isinstance(value, list) and bool(value) and all(isinstance(text, str) for text in value)


def _describe_content(content: Any) -> str:
    """Return the model and the natural key of an object in a file, which may be incomplete."""
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
