"""Summary of an import of personal data: counts of imported, unchanged and skipped records, in words."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext_lazy

THINGS: dict[str, Any] = {
    "plan": ngettext_lazy("the study plan", "%d study plans"),
    "attempts": ngettext_lazy("%d quiz", "%d quizzes"),
    "answers": ngettext_lazy("%d answer", "%d answers"),
    "drafts": ngettext_lazy("%d draft", "%d drafts"),
    "reviews": ngettext_lazy("%d review", "%d reviews"),
    "cards": ngettext_lazy("the review schedule of %d question", "the review schedule of %d questions"),
    "notes": ngettext_lazy("%d note", "%d notes"),
    "bookmarks": ngettext_lazy("%d bookmark", "%d bookmarks"),
}
REASONS: dict[str, Any] = {
    "unknown": ngettext_lazy(
        "%d answer to a question that is missing or worded differently on this site",
        "%d answers to questions that are missing or worded differently on this site",
    ),
    "misfit": ngettext_lazy("%d answer that does not fit its question", "%d answers that do not fit their questions"),
    "attempts": ngettext_lazy("%d quiz with no answers left to import", "%d quizzes with no answers left to import"),
    "reviews": ngettext_lazy(
        "%d review of a question that this site does not have",
        "%d reviews of questions that this site does not have",
    ),
    "cards": ngettext_lazy(
        "the review schedule of %d question that this site does not have",
        "the review schedule of %d questions that this site does not have",
    ),
    "future": ngettext_lazy("%d entry that is dated in the future", "%d entries that are dated in the future"),
    "topics": ngettext_lazy(
        "%d topic of the plan that this site does not have", "%d topics of the plan that this site does not have"
    ),
    "notes": ngettext_lazy(
        "%d note on something that this site does not have", "%d notes on something that this site does not have"
    ),
    "long": ngettext_lazy(
        "%d note that would be too long if added to your note here",
        "%d notes that would be too long if added to your notes here",
    ),
    "bookmarks": ngettext_lazy(
        "%d bookmark of something that this site does not have",
        "%d bookmarks of something that this site does not have",
    ),
    "reports": ngettext_lazy(
        "%d problem report, which stays on the site where you made it",
        "%d problem reports, which stay on the site where you made them",
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
            return _("Nothing was imported: you already have everything in this file that this site can import.")
        return _("Imported: %s.") % _listed(self.imported, THINGS)

    def skipped_message(self) -> str:
        """Return sentences on what was unchanged and skipped; empty if everything was imported."""
        sentences = []
        if any(self.unchanged.values()):
            sentences.append(_("Already here and unchanged: %s.") % _listed(self.unchanged, THINGS))
        if any(self.skipped.values()):
            sentences.append(_("Not imported: %s.") % _listed(self.skipped, REASONS))
        return " ".join(sentences)


def _listed(counts: Counter[str], names: dict[str, Any]) -> str:
    """Return the positive counts in words, in the order of `names`."""
    phrases = [names[name] % counts[name] for name in names if counts[name]]
    return get_text_list(phrases, _("and"))
