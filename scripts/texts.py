"""The translatable texts: list them, or update and compile the catalogues in locale/; run by `make texts` and
`make messages`."""

import argparse
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
LOCALE = ROOT / "locale"
SOURCES = ("questions", "quizsite", "templates")
LEFT_OUT = {"tests", "migrations"}
CONTEXT = (1, "c")
KEYWORDS = {
    **dict.fromkeys(["_", "_lazy", "gettext", "gettext_lazy", "gettext_noop"], None),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], (CONTEXT, 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], (CONTEXT, 2, 3)),
}
NO_DATE = datetime(2000, 1, 1, tzinfo=UTC)  # instead of the time of the last run
NOT_KEPT = (  # lines of the header
    *(b'"POT-Creation-Date', b'"PO-Revision-Date', b'"Generated-By', b'"Project-Id-Version', b'"Report-Msgid-Bugs-To'),
    *(b'"Last-Translator', b'"Language-Team'),
)
Text = str | tuple[str, ...]


def source_files() -> list[Path]:
    """Return the files that may hold texts, in order."""
    found = (path for name in SOURCES for path in (ROOT / name).rglob("*") if path.is_file())
    return sorted(
        path
        for path in found
        if (path.suffix == ".py" or path.is_relative_to(ROOT / "templates"))
        and not LEFT_OUT.intersection(path.relative_to(ROOT).parts)
    )


def python_source(path: Path) -> bytes:
    """Return the Python source whose calls name the texts; of a template, what Django makes of it for that purpose."""
    source = path.read_text()
    if path.suffix != ".py":
        lines = templatize(source, origin=str(path)).split("\n")
        source = "\n".join(line.strip() for line in lines)  # a template's indentation means nothing in Python
    return source.encode()


def located_texts() -> Iterator[tuple[str, int, Text, str | None]]:
    """Yield the file, line, text (with its plural, if it has one) and context of each use of a text."""
    for path in source_files():
        name = path.relative_to(ROOT).as_posix()
        for line, text, _comments, context in extract("python", io.BytesIO(python_source(path)), keywords=KEYWORDS):
            yield name, line, text, context


def template() -> Catalog:
    """Return all texts without translations, each with the files that use it."""
    catalog = Catalog(charset="utf-8", header_comment="")
    for name, _line, text, context in located_texts():
        catalog.add(text, locations=[(name, 0)], context=context)
    return catalog


def catalogue_path(language: str) -> Path:
    """Return the file with the translations into that language."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def languages() -> list[str]:
    """Return the codes of the languages that there are translations into."""
    return sorted(path.name for path in LOCALE.iterdir())


def read(language: str) -> Catalog:
    """Return the translations into that language."""
    with catalogue_path(language).open("rb") as file:
        catalog = read_po(file, locale=language)
    catalog.header_comment, catalog.fuzzy = "", False
    catalog.creation_date = catalog.revision_date = NO_DATE
    return catalog


def as_po(catalog: Catalog) -> bytes:
    """Return the text of a catalogue's file, without what changes from one run to the next."""
    written = io.BytesIO()
    write_po(written, catalog, width=120, include_lineno=False, sort_by_file=True, ignore_obsolete=True)
    lines = written.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(NOT_KEPT))


def as_mo(catalog: Catalog) -> bytes:
    """Return the compiled catalogue."""
    written = io.BytesIO()
    write_mo(written, catalog)
    return written.getvalue()


def update(language: str) -> list[str]:
    """Update and compile the translations into that language, and return the texts that still lack one."""
    catalog = read(language)
    catalog.update(template())
    path = catalogue_path(language)
    path.write_bytes(as_po(catalog))
    path.with_suffix(".mo").write_bytes(as_mo(read(language)))
    return [str(message.id) for message in catalog if message.id and not is_translated(message)]


def is_translated(message: Message) -> bool:
    """Return whether no form of the translation is empty or a guess."""
    forms = [message.string] if isinstance(message.string, str) else (message.string or [])
    return bool(forms) and all(forms) and not message.fuzzy


def main() -> None:
    parser = argparse.ArgumentParser(prog="make texts", description=__doc__)
    parser.add_argument("--update", action="store_true", help="update and compile the catalogues instead")
    if not parser.parse_args().update:
        for name, line, text, _context in located_texts():
            print(f"{name}:{line}: {' | '.join(text) if isinstance(text, tuple) else text}")
        return
    for language in languages():
        missing = update(language)
        print(f"{language}: {len(missing)} texts to translate", *missing, sep="\n  ")


if __name__ == "__main__":
    main()
