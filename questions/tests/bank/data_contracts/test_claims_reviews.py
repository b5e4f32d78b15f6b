"""What a code review of an API for articles claims is run."""

from fastapi.testclient import TestClient

from questions.tests.bank.content import Asked, run


def test_notes_for_editors_only(item: Asked) -> None:
    lines = item.code.splitlines()

    def faults(**changed: str) -> set[str]:
        """What goes wrong when the lines with these numbers read like this."""
        made = run("\n".join(changed.get(f"line_{n}", line) for n, line in enumerate(lines, 1)))
        client, found = TestClient(made["app"]), set()
        sent = {"title": "Tea", "id": "0" * 32, "editor_note": "mine"}
        first = client.post("/articles", json=sent).json()
        assert "editor_note" not in first and first["id"] != "0" * 32  # lines 26 and 28 are fine
        client.post("/articles", json={"title": "Coffee"})
        stored = list(made["articles"].values())
        if len(stored) < 2:
            found.add("20")
        stored[0].tags.append("hot")
        assert made["Article"]().tags == []  # line 12 is fine
        if "editor_note" in client.get("/articles").text:
            found.add("32-33")
        client.patch(f"/articles/{stored[0].id}", json={"tags": ["new"]})
        if made["articles"][stored[0].id].title == "Untitled":
            found.add("40")
        return found

    assert faults() == item.accepted == {"20", "32-33", "40"}
    assert faults(line_20="    id: UUID = __import__('pydantic').Field(default_factory=uuid4)") == {"32-33", "40"}
    assert faults(line_32="def show() -> list[ArticleOut]:") == {"20", "40"}
    assert faults(line_40=lines[39].replace("dump()", "dump(exclude_unset=True)")) == {"20", "32-33"}
