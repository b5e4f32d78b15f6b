"""Summary of an import of personal data: counts of imported, unchanged and skipped records, in words."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

THINGS: dict[str, Any] = {
    "plan": ngettext_lazy("the plan", "%d plans"),
    "attempts": ngettext_lazy("%d quiz", "%d quizzes"),
    "answers": ngettext_lazy("%d answer", "%d answers"),
    "drafts": ngettext_lazy("%d draft", "%d drafts"),
    "reviews": ngettext_lazy("%d review", "%d reviews"),
    "cards": ngettext_lazy("what you remember of %d question", "what you remember of %d questions"),
    "notes": ngettext_lazy("%d note", "%d notes"),
    "bookmarks": ngettext_lazy("%d bookmark", "%d bookmarks"),
}
REASONS: dict[str, Any] = {
    "unknown": ngettext_lazy(
        "%d answer to a question that this site does not have, or not in those words",
        "%d answers to questions that this site does not have, or not in those words",
    ),
    "misfit": ngettext_lazy("%d answer that does not fit its question", "%d answers that do not fit their questions"),
    "attempts": ngettext_lazy("%d quiz of which nothing else was left", "%d quizzes of which nothing else was left"),
    "reviews": ngettext_lazy(
        "%d review of a question that this site does not have",
        "%d reviews of questions that this site does not have",
    ),
    "cards": ngettext_lazy(
        "what you remember of %d question that this site does not have",
        "what you remember of %d questions that this site does not have",
    ),
    "future": ngettext_lazy("%d entry that is dated in the future", "%d entries that are dated in the future"),
    "topics": ngettext_lazy(
        "%d topic of the plan that this site does not have", "%d topics of the plan that this site does not have"
    ),
    "notes": ngettext_lazy(
        "%d note on something that this site does not have", "%d notes on something that this site does not have"
    ),
    "long": ngettext_lazy(
        "%d note that would be too long beside the one that is here",
        "%d notes that would be too long beside those that are here",
    ),
    "bookmarks": ngettext_lazy(
        "%d bookmark of something that this site does not have",
        "%d bookmarks of something that this site does not have",
    ),
    "reports": ngettext_lazy(
        "%d report of a problem, which stays with the site that it was made on",
        "%d reports of problems, which stay with the site that they were made on",
    ),
}


@dataclass(slots=True)
class ImportSummary:
    """Counts of records: imported and unchanged by kind (THINGS), skipped by reason (REASONS)."""

    imported: Counter[str] = field(default_factory=Counter)
    unchanged: Counter[str] = field(default_factory=Counter)
    skipped: Counter[str] = field(default_factory=Counter)

    def imported_message(self) -> str:
        """Return a sentence on what was imported."""
        if not any(self.imported.values()):
            return _("Nothing new came: what the file holds of this site's questions is here already.")
        return _("Imported: %s.") % _listed(self.imported, THINGS)

    def skipped_message(self) -> str:
        """Return sentences on what was unchanged and skipped; empty if everything was imported."""
        sentences = []
        if any(self.unchanged.values()):
            sentences.append(_("Here already, and left as it is: %s.") % _listed(self.unchanged, THINGS))
        if any(self.skipped.values()):
            sentences.append(_("Left out: %s.") % _listed(self.skipped, REASONS))
        return " ".join(sentences)


def _listed(counts: Counter[str], names: dict[str, Any]) -> str:
    """Return the positive counts in words, in the order of `names`."""
    phrases = [names[name] % counts[name] for name in names if counts[name]]
    return get_text_list(phrases, _("and"))
