"""Search results, their order and their excerpts."""

import uuid

import pytest

from questions.accounts.owners import Owner
from questions.enums import Status
from questions.search.services import search, search_saved
from questions.tests.factories import (
    BookmarkFactory,
    CodeListingFactory,
    FAQFactory,
    GuideFactory,
    NoteFactory,
    SectionFactory,
    TakeawayFactory,
    TopicFactory,
    UserFactory,
    make_question,
)


@pytest.mark.django_db
def test_hits_link_to_the_part_of_the_guide() -> None:
    guide = GuideFactory(topic=TopicFactory(slug="orm"), quick_answer="A walrus at first.")
    section = SectionFactory(guide=guide, slug="lazy", body="A walrus in prose.")
    CodeListingFactory(section=section, slug="loop", code="walrus = 1")
    TakeawayFactory(guide=guide, slug="keep", text="Remember the walrus.")
    FAQFactory(guide=guide, slug="why", answer="For the walrus.")
    found = search("Walrus")
    assert {hit.url for hit in found.guides} == {
        "/topics/orm/",
        "/topics/orm/#lazy",
        "/topics/orm/#listing-loop",
        "/topics/orm/#takeaway-keep",
    }
    assert [hit.url for hit in found.faqs] == ["/topics/orm/#faq-why"]
    assert not found.questions


@pytest.mark.django_db
def test_every_word_must_match_in_any_order() -> None:
    guide = GuideFactory()
    both = SectionFactory(guide=guide, title="Locks", body="Rows are locked until the transaction ends.")
    SectionFactory(guide=guide, title="Rows", body="Nothing else.")
    assert [hit.row for hit in search("transaction locked").guides] == [both]
    assert not search("transaction walrus")


@pytest.mark.django_db
def test_matches_in_headings_rank_first() -> None:
    guide = GuideFactory()
    beneath = SectionFactory(guide=guide, title="Other", body="About caching.")
    heading = SectionFactory(guide=guide, title="Caching", body="About it.")
    assert [hit.row for hit in search("caching").guides] == [heading, beneath]


@pytest.mark.django_db
def test_only_the_stem_and_code_of_published_questions_are_searched() -> None:
    asked = make_question("single_choice", stem="What does the walrus do?", explanation="It assigns: zebra.")
    make_question("single_choice", stem="Which walrus?", status=Status.DRAFT)
    assert [hit.row for hit in search("walrus").questions] == [asked]
    assert not search("zebra")
    assert not search(asked.choices.first().text + " " + asked.choices.first().feedback)


@pytest.mark.django_db
def test_an_empty_query_does_not_touch_the_database(django_assert_num_queries) -> None:
    with django_assert_num_queries(0):
        assert not search(" ?! ")


@pytest.mark.django_db
@pytest.mark.parametrize("typed", ["100%", "a_b", "'; DROP TABLE", "\\", "(((", "x" * 500])
def test_special_characters_of_sql_are_plain_text(typed: str) -> None:
    guide = GuideFactory(title="A guide", topic__title="A topic")  # the numbers of the factories begin with 100, too
    SectionFactory(guide=guide, body="Nothing of the kind.")
    assert not search(typed)


OTHER_CASES = [("äpfel", "Äpfel"), ("ПРИВЕТ", "Привет"), ("λόγοΣ", "Λόγος")]


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "written"), OTHER_CASES)
def test_case_of_all_letters_is_ignored_in_every_kind_of_hit(typed: str, written: str) -> None:
    guide = GuideFactory(quick_answer=f"Eat {written}.")
    section = SectionFactory(guide=guide, title=written)
    listing = CodeListingFactory(section=section, code=f"print('{written}')")
    takeaway = TakeawayFactory(guide=guide, text=f"Mind {written}.")
    faq = FAQFactory(guide=guide, question=f"Why {written}?")
    question = make_question("single_choice", stem=f"Which {written}?")
    user = UserFactory()
    note = NoteFactory(user=user, question=question, text=f"More {written}.")
    bookmarks = [
        BookmarkFactory(user=user, **{"question": None} | target)
        for target in ({"question": question}, {"guide": guide}, {"faq": faq})
    ]
    found = search(typed, Owner(user_id=user.pk))
    assert [hit.row for hit in found.guides] == [section, takeaway, listing, guide]
    assert [hit.row for hit in found.faqs] == [faq]
    assert [hit.row for hit in found.questions] == [question]
    assert found.saved[0].row == note
    assert {hit.row for hit in found.saved} == {note, *bookmarks}
    assert f"<mark>{written}</mark>" in found.saved[0].excerpt


@pytest.mark.django_db
@pytest.mark.parametrize(("typed", "written"), OTHER_CASES)
def test_matches_of_another_case_in_headings_rank_first(typed: str, written: str) -> None:
    guide = GuideFactory()
    beneath = SectionFactory(guide=guide, title="Other", body=f"About {written}.")
    heading = SectionFactory(guide=guide, title=written, body="About it.")
    assert [hit.row for hit in search(typed).guides] == [heading, beneath]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("typed", "written"),
    [("STRASSE", "Straße"), ("istanbul", "İstanbul"), ("CAFÉ", "cafe\u0301"), ("cafe", "Café"), ("naïve", "naive")],
)
def test_sharp_s_and_the_accents_of_latin_letters_make_no_difference(typed: str, written: str) -> None:
    section = SectionFactory(body=f"In {written}.")
    assert [hit.row for hit in search(typed).guides] == [section]


class TestSearchSaved:
    """Notes are found by their text, and bookmarks by the text of their target."""

    pytestmark = pytest.mark.django_db

    def test_notes_link_to_their_target(self) -> None:
        user, faq = UserFactory(), FAQFactory(guide=GuideFactory(topic=TopicFactory(slug="orm")), slug="why")
        question = make_question("single_choice")
        for target in ({"question": question}, {"guide": faq.guide}, {"faq": faq}):
            NoteFactory(user=user, **{"question": None} | target, text="Mind the *walrus*, always.")
        found = search("always walrus", Owner(user_id=user.pk))
        assert {hit.url for hit in found.saved} == {
            f"/notes/question/{question.pk}/",
            "/topics/orm/",
            "/topics/orm/#faq-why",
        }
        assert found.saved[0].excerpt == "Mind the *<mark>walrus</mark>*, <mark>always</mark>."
        assert not (found.guides or found.faqs or found.questions)

    def test_bookmarks_are_found_by_the_text_of_their_target(self) -> None:
        user = UserFactory()
        guide = GuideFactory(title="Locks", quick_answer="A walrus waits.")
        faq = FAQFactory(guide=guide, question="Does it wait?", answer="The walrus does.")
        question = make_question("single_choice", stem="What does the walrus do?", explanation="It sings.")
        for target in ({"question": question}, {"question": None, "guide": guide}, {"question": None, "faq": faq}):
            BookmarkFactory(user=user, **target)
        owner = Owner(user_id=user.pk)
        assert {hit.row.target for hit in search("walrus", owner).saved} == {question, guide, faq}
        assert [hit.row.target for hit in search("locks walrus", owner).saved] == [guide]
        assert not search("sings", owner)

    def test_other_owners_do_not_find_them(self) -> None:
        visitor = uuid.uuid4()
        NoteFactory(text="A walrus.")
        NoteFactory(user=None, visitor=uuid.uuid4(), text="A walrus.")
        question = make_question("single_choice", stem="Only a walrus?")
        BookmarkFactory(question=question)
        for owner in (Owner(), Owner(visitor=visitor), Owner(user_id=UserFactory().pk)):
            assert not search("walrus", owner).saved
            assert not search_saved("walrus", owner)
        NoteFactory(user=None, visitor=visitor, text="My walrus.")
        assert [hit.row.text for hit in search_saved("walrus", Owner(visitor=visitor)).saved] == ["My walrus."]

    def test_a_bookmark_does_not_reveal_an_unpublished_question(self) -> None:
        bookmark = BookmarkFactory(question=make_question("single_choice", stem="A walrus?", status=Status.DRAFT))
        assert not search("walrus", Owner(user_id=bookmark.user_id))

    @pytest.mark.parametrize("typed", ["query evaluating", "evalu", "qureies lazily"])
    def test_notes_are_found_by_word_forms_beginnings_and_in_spite_of_typing_errors(self, typed: str) -> None:
        note = NoteFactory(text="Queries were evaluated lazily.")
        owner = Owner(user_id=note.user_id)
        assert [hit.row for hit in search_saved(typed, owner).saved] == [note]
        assert [hit.row for hit in search(typed, owner).saved] == [note]

    def test_words_of_another_owners_notes_are_not_suggested(self) -> None:
        NoteFactory(text="A secret walrus.")
        for found in (search("wallrus"), search_saved("wallrus", Owner(user_id=UserFactory().pk))):
            assert (found.saved, found.meant, found.suggestions) == ([], "", [])
