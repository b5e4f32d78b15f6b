"""Export of questions to Anki decks (.apkg), one note for each question. Decks cannot be imported."""

import hashlib
import tempfile
from collections.abc import Iterable
from html import escape
from pathlib import Path

import genanki

from questions import types
from questions.content.item import Item
from questions.content.markdown import code_html, highlighted_lines, markdown_html
from questions.content.pictures import PictureFile
from questions.importexport.base import ExportedFile, Issue, Record

# Never change these IDs: Anki finds note types by ID and notes by GUID, so that a second import updates the first.
MODEL_ID = 1_734_502_211
DECK_ID = 1_734_502_212
# Question types whose answer is typed: a card shows no options for them.
TYPED = ("short_answer", "numeric")
STYLE = """
.card { font-family: system-ui, sans-serif; font-size: 18px; line-height: 1.5; text-align: left; }
.card { max-width: 42em; margin: 0 auto; padding: 0 1em; }
pre { overflow-x: auto; padding: .5em; border: 1px solid #8886; }
.about { font-size: smaller; opacity: .8; }
"""
MODEL = genanki.Model(
    MODEL_ID,
    "Quizsite question",
    fields=[{"name": "Question"}, {"name": "Answer"}, {"name": "Explanation"}, {"name": "About"}],
    templates=[
        {
            "name": "Question",
            "qfmt": "{{Question}}",
            "afmt": '{{Question}}<hr id="answer">{{Answer}}{{Explanation}}<p class="about">{{About}}</p>',
        }
    ],
    css=STYLE,
)


def write(records: Iterable[Record], at: float | None = None) -> ExportedFile:
    """Write the questions to an .apkg file, as notes tagged with topic, difficulty, type and task.

    `at` is the deck's time in Unix seconds, by default now: Anki imports only notes newer than its own.
    """
    deck = genanki.Deck(DECK_ID, "Quizsite")
    exported, records = ExportedFile(), list(records)
    for record in records:
        deck.add_note(_note(record))
        if record.item.type in TYPED:
            exported.losses.append(
                Issue(0, record.name, "Anki does not grade typed answers; learners grade themselves.")
            )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "deck.apkg"
        media = {file.name: file.content for record in records for file in record.files}
        for name, content in media.items():
            Path(folder, name).write_bytes(content)
        genanki.Package(deck, media_files=[Path(folder, name) for name in media]).write_to_file(path, timestamp=at)
        exported.content = path.read_bytes()
    return exported


def _note(record: Record) -> genanki.Note:
    item = record.item
    name = f"{record.topic}/{record.slug}" if record.slug else hashlib.sha256(item.stem.encode()).hexdigest()
    fields = (_question(item), _answer(item), _html(item.explanation, item), _about(item))
    tags = [record.topic, item.difficulty, item.type, record.task]
    return genanki.Note(
        model=MODEL,
        guid=genanki.guid_for("quizsite", name),
        fields=[_with_media(part, item) for part in fields],
        tags=["-".join(tag.split()) for tag in tags if tag],
    )


def _question(item: Item) -> str:
    """Return the HTML of the stem, the code and the options, in an order that is stable and does not reveal the key."""
    code = _code(item)
    options: list[str] = []
    if item.type == "matching":
        matches = sorted({option.match for option in item.options})
        options = [option.text for option in item.options if option.text.strip()]
        return f"{_html(item.stem, item)}{code}{_list(options, 'ul', item)}<p>↔</p>{_list(matches, 'ul', item)}"
    if item.type not in (*TYPED, "find_lines", "open"):
        options = sorted(
            (option.text for option in item.options), key=lambda text: hashlib.sha256(text.encode()).digest()
        )
    instruction = f'<p class="about">{escape(str(types.get(item.type).instruction))}</p>'
    return f"{_html(item.stem, item)}{code}{_list(options, 'ul', item)}{instruction}"


def _code(item: Item) -> str:
    """Return the HTML of the code, with line numbers where the answer names lines; empty without code."""
    if not types.get(item.type).asks_in_code:
        return f"<pre><code>{code_html(item.code, item.code_language or 'text')}</code></pre>" if item.code else ""
    lines = enumerate(highlighted_lines(item.code, item.code_language), 1)
    return "<pre><code>{}</code></pre>".format("\n".join(f"{number:>3}  {line}" for number, line in lines))


def _answer(item: Item) -> str:
    """Return the HTML of the right answer with the feedback of each option."""
    if item.type == "open":
        criteria = [f"{one.text} ({one.weight:g})" + (" *!*" if one.essential else "") for one in item.criteria]
        follow_ups = [_with_feedback(one.text, one.model_answer) for one in item.follow_ups]
        return f"{_html(item.model_answer, item)}{_list(criteria, 'ul', item)}{_list(follow_ups, 'ol', item)}"
    if item.type == "ordering":
        return _list([_with_feedback(option.text, option.feedback) for option in item.options], "ol", item)
    if item.type == "matching":
        pairs = [option for option in item.options if option.text.strip()]
        return _list([_with_feedback(f"{one.text} → {one.match}", one.feedback) for one in pairs], "ul", item)
    label = types.get(item.type).option_label
    rows = [
        f"{'✓' if one.weight > 0 else '✗'} {_with_feedback(label(item, one), one.feedback)}" for one in item.options
    ]
    return _list(rows, "ul", item)


def _with_feedback(text: str, feedback: str) -> str:
    return f"{text}\n\n{feedback}" if feedback else text


def _list(texts: Iterable[str], tag: str, item: Item) -> str:
    rows = "".join(f"<li>{_html(text, item)}</li>" for text in texts)
    return f"<{tag}>{rows}</{tag}>" if rows else ""


def _html(text: str, item: Item) -> str:
    return markdown_html(text, item.pictures)


def _with_media(field: str, item: Item) -> str:
    """Return the HTML with the addresses of pictures replaced by the names of the deck's media files."""
    for picture in item.pictures:
        field = field.replace(escape(picture.url), PictureFile(picture, b"").name)
    return field


def _about(item: Item) -> str:
    """Return the HTML of the versions that the question applies to and of its sources."""
    sources = [
        f'<a href="{escape(source.url)}">{escape(source.title)}</a>' if source.url else escape(source.title)
        for source in item.sources
    ]
    return "<br>".join([*([escape(item.holds_for)] if item.holds_for else []), *sources])
