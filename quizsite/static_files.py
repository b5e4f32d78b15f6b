"""Static files of production: with a hash in their names, compressed, and only the rules of Bootstrap that are used."""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import crispy_bootstrap5
import tinycss2
from django.conf import settings
from tinycss2.ast import AtRule, Node, QualifiedRule
from whitenoise.storage import CompressedManifestStaticFilesStorage

BOOTSTRAP = "css/bootstrap.min.css"
CLASS = re.compile(r"\.(-?[_a-zA-Z][\w-]*)")
WORD = re.compile(r"[\w-]+")


class StaticFilesStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage; a page downloads a third of Bootstrap's stylesheet."""

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Process the collected files as usual, after unused rules are left out of Bootstrap's stylesheet."""
        if BOOTSTRAP in paths and not dry_run:
            storage, path = paths[BOOTSTRAP]  # the file in the package, since the collected one has lost rules already
            with storage.open(path) as file:
                css = used_rules(file.read().decode(), words())
            Path(self.path(BOOTSTRAP)).write_text(css)
        yield from super().post_process(paths, dry_run, **options)


@cache
def words() -> frozenset[str]:
    """Return every word of the files that may name a class: templates, scripts, and modules with forms and widgets."""
    sources = [
        *(settings.BASE_DIR / "templates").rglob("*"),
        *(settings.BASE_DIR / "static").rglob("*.js"),
        *(settings.BASE_DIR / "questions").rglob("*.py"),
        *Path(crispy_bootstrap5.__path__[0]).rglob("*.html"),
        *Path(crispy_bootstrap5.__path__[0]).rglob("*.py"),
    ]
    return frozenset(word for path in sources if path.is_file() for word in WORD.findall(path.read_text()))


def used_rules(css: str, names: Iterable[str]) -> str:
    """Return the stylesheet without the selectors that need a class which is not among the names."""
    known = frozenset(names)
    nodes = tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    return "".join(filter(None, (_kept(node, known) for node in nodes)))


def _kept(node: Node, known: frozenset[str]) -> str:
    """Return the part of a rule that is used; empty if nothing of it is."""
    if isinstance(node, QualifiedRule):
        used = [one for one in _selectors(tinycss2.serialize(node.prelude)) if known.issuperset(CLASS.findall(one))]
        return f"{','.join(used)}{{{tinycss2.serialize(node.content)}}}" if used else ""
    if isinstance(node, AtRule) and node.lower_at_keyword in ("media", "supports") and node.content is not None:
        rules = tinycss2.parse_rule_list(node.content, skip_comments=True, skip_whitespace=True)
        content = "".join(_kept(rule, known) for rule in rules)
        return f"@{node.at_keyword}{tinycss2.serialize(node.prelude)}{{{content}}}" if content else ""
    return str(node.serialize())


def _selectors(prelude: str) -> list[str]:
    """Return the selectors of a rule, which commas outside of parentheses separate."""
    return re.split(r",(?![^()]*\))", prelude)
