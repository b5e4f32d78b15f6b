"""Simulated candidates who type, and whose pages save drafts, until time runs out in the middle of a sentence."""

import json
import re
import time
import uuid

from soak.candidates import Candidate, Fields, SentAnswer, hidden, started

INTERVIEW_MINUTES, INTERVIEW_QUESTIONS = 30, 8
SAVES = 4  # of a page before the candidate looks at another question


class Typist(Candidate):
    """Candidate who writes in an exam or an interview and never submits: only the drafts of the pages are saved."""

    @property
    def is_interviewed(self) -> bool:
        """Return whether the candidate takes an interview instead of an exam."""
        return self.number % 2 == 0

    def take(self) -> None:
        """Write on one page after the other until time runs out, and read the result."""
        attempt = self.begin()
        while self.write(attempt, self.random.randint(1, min(self.crowd.questions, INTERVIEW_QUESTIONS))):
            pass
        self.send("result", f"/attempts/{attempt}/result/")
        self.log.finished.append(attempt)

    def begin(self) -> uuid.UUID:
        """Start the exam or the interview, and return its public id."""
        if not self.is_interviewed:
            return super().begin()
        form = hidden(self.send("start page", "/interview/").text, 'action="/interview/"')
        return started(self.send("start", "/interview/", [*form, ("minutes", str(INTERVIEW_MINUTES))]))

    def write(self, attempt: uuid.UUID, position: int) -> bool:
        """Type on the page of a question, which saves now and then; return False if time has run out."""
        path = f"/attempts/{attempt}/{position}/"
        page = self.send("page", path)
        if page.location:
            self.log.refused.append(path)
            return False
        if self.is_interviewed and not re.search('<textarea name="text"|name="choice"', page.text):
            return True  # a type whose answers `ledger` cannot compare
        about = dict(hidden(page.text, 'id="turn"'))
        for number in range(1, SAVES + 1):
            time.sleep(self.random.uniform(*self.crowd.think))
            sent = SentAnswer(self.random_answer(page.text))
            self.log.answers[attempt, position].append(sent)
            form = [*(about | {"number": str(number)}).items(), *sent.fields]
            told = json.loads(self.send("answer", f"{path}draft/", form).text)
            if told["kept"] not in ("saved", "draft"):
                self.log.refused.append(path)
                return False
            sent.acknowledged = True
            self.log.acknowledged_at.append(time.monotonic())
            about |= {"seen": told["seen"], "based_on": ""}  # as autosave.js does
        return True

    def random_answer(self, page: str) -> Fields:
        """Return a random answer; a text ends in the middle of a sentence."""
        filled = super().random_answer(page)
        return [
            (name, f"{value} is what I would begin with, and then" if name == "text" else value)
            for name, value in filled
        ]
