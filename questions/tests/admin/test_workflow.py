"""Editorial workflow from draft to published question: permissions, bulk actions and the dashboard."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.contrib.messages import get_messages
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions import types
from questions.bank.models.editorial import ReviewNote
from questions.bank.models.questions import Question
from questions.bank.models.revisions import QuestionRevision
from questions.enums import Difficulty, Status
from questions.tests.admin.steps import form_data, page_of, save
from questions.tests.factories import TopicFactory, UserFactory, make_question

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("groups")]
LIST = reverse("admin:questions_question_changelist")
ADD = reverse("admin:questions_question_add")


@pytest.fixture
def member(client: Client) -> Callable[..., Client]:
    """Return a function that logs in a staff user of the group."""

    def log_in(group: str) -> Client:
        user = UserFactory(is_staff=True)
        user.groups.set([Group.objects.get(name=group)])
        client.force_login(user)
        client.user = user
        return client

    return log_in


def act(client: Client, action: str, *questions: Question, **more: str):
    chosen = {"action": action, "_selected_action": [question.pk for question in questions]}
    return client.post(LIST, chosen | more)


def messages_of(response) -> str:
    return " ".join(str(message) for message in get_messages(response.wsgi_request))


class TestGroups:
    def test_author_writes_and_sends_to_review(self, member) -> None:
        client = member("Author")
        topic = TopicFactory()
        data = form_data(client, ADD) | {
            "topic": topic.pk,
            "slug": "mine",
            "type": "single_choice",
            "stem": "What?",
            "choices-0-text": "This",
            "choices-0-weight": "1",
            "choices-1-text": "That",
            "status": "draft",
        }
        assert client.post(ADD, data).status_code == 302
        question = Question.objects.get(slug="mine")
        assert question.author == client.user
        assert list(question.choices.values_list("text", "position")) == [("This", 1), ("That", 2)]
        act(client, "send_to_review", question, confirmed="yes")
        question.refresh_from_db()
        assert question.status == Status.IN_REVIEW

    @pytest.mark.parametrize("status", ["published", "retired"])
    def test_an_author_can_neither_publish_nor_retire(self, member, status: str) -> None:
        question = make_question(status=Status.DRAFT)
        page = save(member("Author"), question, {"status": status}).content.decode()
        assert "Only reviewers and editors can" in page
        question.refresh_from_db()
        assert question.status == Status.DRAFT

    def test_author_has_no_publish_action(self, member) -> None:
        question = make_question(status=Status.DRAFT)
        client = member("Author")
        assert 'value="publish"' not in client.get(LIST).content.decode()
        act(client, "publish", question, confirmed="yes")
        question.refresh_from_db()
        assert question.status == Status.DRAFT

    @pytest.mark.parametrize("status", [Status.PUBLISHED, Status.RETIRED])
    def test_author_cannot_change_published_or_retired_questions(self, member, status: Status) -> None:
        question = make_question(status=status, stem="Before?")
        client = member("Author")
        assert client.get(page_of(question)).status_code == 200
        assert client.post(page_of(question), {"stem": "After?"}).status_code == 403

    @pytest.mark.parametrize("group", ["Reviewer", "Editor"])
    def test_reviewer_cannot_publish_own_question(self, member, group: str) -> None:
        client = member(group)
        question = make_question(status=Status.IN_REVIEW, author=client.user)
        assert (
            "You can&#x27;t publish your own question"
            in save(client, question, {"status": "published"}).content.decode()
        )
        assert "You can't publish your own question" in messages_of(act(client, "publish", question, confirmed="yes"))
        question.refresh_from_db()
        assert question.status == Status.IN_REVIEW

    @pytest.mark.parametrize("group", ["Reviewer", "Editor"])
    def test_reviewer_publishes_questions_of_others(self, member, group: str) -> None:
        first, second = (make_question(status=Status.IN_REVIEW, author=UserFactory()) for _ in range(2))
        client = member(group)
        assert save(client, first, {"status": "published"}).status_code == 302
        assert "1 question was published" in messages_of(act(client, "publish", second, confirmed="yes"))
        assert Question.objects.published().count() == 2

    def test_only_superuser_publishes_own_question(self, staff: Client) -> None:
        question = make_question(status=Status.DRAFT)
        Question.objects.update(author=UserFactory.create(is_superuser=True))
        assert save(staff, question, {"status": "published"}).status_code == 302


class TestBulkActions:
    @pytest.mark.parametrize("action", ["send_to_review", "publish", "retire", "move_to_topic", "set_difficulty"])
    def test_action_needs_confirmation(self, staff: Client, action: str) -> None:
        question = make_question(status=Status.DRAFT)
        before = Question.objects.values().get()
        page = act(staff, action, question)
        assert page.status_code == 200
        assert question.slug in page.content.decode()
        assert Question.objects.values().get() == before

    def test_questions_move_unless_the_topic_has_their_slug(self, staff: Client) -> None:
        topic = TopicFactory()
        make_question(topic=topic, slug="taken")
        clash, moved = make_question(slug="taken"), make_question()
        message = messages_of(act(staff, "move_to_topic", clash, moved, confirmed="yes", topic=str(topic.pk)))
        assert "1 question was moved." in message
        assert "already has a question with the slug “taken”" in message
        assert set(Question.objects.filter(topic=topic)) == {moved, Question.objects.get(topic=topic, slug="taken")}

    def test_topic_is_required(self, staff: Client) -> None:
        page = act(staff, "move_to_topic", make_question(), confirmed="yes", topic="")
        assert "This field is required" in page.content.decode()

    def test_difficulty_is_set_with_a_revision(self, staff: Client) -> None:
        question = make_question(difficulty=Difficulty.EASY)
        act(staff, "set_difficulty", question, confirmed="yes", difficulty="hard")
        difficulties = [revision.item().difficulty for revision in QuestionRevision.objects.order_by("number")]
        assert difficulties == ["easy", "hard"]

    def test_select_across_applies_to_the_filtered_list(self, staff: Client) -> None:
        drafts = [make_question(status=Status.DRAFT) for _ in range(3)]
        other = make_question(status=Status.IN_REVIEW)
        address = f"{LIST}?status__exact=draft"
        chosen = {"action": "publish", "_selected_action": [drafts[0].pk], "select_across": "1"}
        page = staff.post(address, chosen).content.decode()
        assert "3 questions:" in page
        assert 'value="Publish 3 questions"' in page
        assert 'name="select_across" value="1"' in page
        staff.post(address, chosen | {"confirmed": "yes"})
        assert set(Question.objects.published()) == set(drafts)
        other.refresh_from_db()
        assert other.status == Status.IN_REVIEW

    def test_button_counts_the_questions_that_would_change(self, staff: Client) -> None:
        questions = [make_question(status=status) for status in (Status.DRAFT, Status.PUBLISHED, Status.RETIRED)]
        for action, button in (
            ("send_to_review", "Send 1 question to editorial review"),
            ("publish", "Publish 2 questions"),
            ("retire", "Retire 2 questions"),
            ("move_to_topic", "Move 3 questions"),
            ("set_difficulty", "Set the difficulty of 3 questions"),
            ("export", "Export 3 questions"),
        ):
            assert f'value="{button}"' in act(staff, action, *questions).content.decode()

    def test_message_is_in_the_language_of_the_page(self, staff: Client) -> None:
        staff.cookies["language"] = "de"
        retired = act(staff, "retire", make_question(), make_question(), confirmed="yes")
        assert "2 Fragen wurden zurückgezogen." in messages_of(retired)

    def test_action_is_logged_in_the_history(self, staff: Client) -> None:
        question = make_question(status=Status.DRAFT)
        act(staff, "publish", question, confirmed="yes")
        history = staff.get(reverse("admin:questions_question_history", args=[question.pk])).content.decode()
        assert "Published." in history


@pytest.mark.parametrize("type_name", types.names())
def test_duplicate_is_a_draft_of_the_user(staff: Client, type_name: str) -> None:
    question = make_question(type_name, slug="first")
    url = reverse("admin:questions_question_duplicate", args=[question.pk])
    for slug in ("first-copy", "first-copy-2"):
        response = staff.post(url)
        copy = Question.objects.get(slug=slug)
        assert response.url == page_of(copy)
        assert copy.item() == question.item()
        assert (copy.status, copy.author_id) == (Status.DRAFT, int(staff.session["_auth_user_id"]))
    assert staff.get(url).status_code == 405


def test_review_note_has_an_author_and_cannot_be_changed(member) -> None:
    client = member("Reviewer")
    question = make_question(status=Status.IN_REVIEW)
    assert save(client, question, {"notes-0-text": "Which version?"}).status_code == 302
    note = ReviewNote.objects.get()
    assert (note.text, note.written_by) == ("Which version?", client.user)
    data = {"notes-INITIAL_FORMS": 1, "notes-0-id": note.pk, "notes-0-text": "Another?", "notes-0-DELETE": "on"}
    save(client, question, data)
    assert ReviewNote.objects.get().text == "Which version?"


def test_lint_findings_are_shown_on_saving(staff: Client) -> None:
    question = make_question(status=Status.DRAFT, explanation="")
    response = save(staff, question, {"stem": "Which of the following?"})
    assert "Suggestion: add an explanation." in messages_of(response)
    assert "Suggestion: name the criterion instead of asking for the best option" in messages_of(response)


@pytest.mark.parametrize(
    ("type_name", "shown", "hidden"),
    [
        ("single_choice", ["choices-0-weight"], ["choices-0-match", "choices-0-tolerance", "criteria-TOTAL_FORMS"]),
        ("numeric", ["choices-0-tolerance"], ["choices-0-match"]),
        ("matching", ["choices-0-match"], ["choices-0-weight"]),
        ("ordering", ["choices-0-text"], ["choices-0-weight", "choices-0-match"]),
        ("open", ["criteria-0-weight", "follow_ups-0-text"], ["choices-TOTAL_FORMS"]),
    ],
)
def test_page_has_the_fields_of_the_type(staff: Client, type_name: str, shown, hidden) -> None:
    data = form_data(staff, page_of(make_question(type_name)))
    assert set(shown) <= set(data)
    assert set(hidden).isdisjoint(data)


def test_rows_of_the_old_type_stay_visible(staff: Client) -> None:
    question = make_question("single_choice", status=Status.DRAFT)
    save(staff, question, {"type": "open"})
    data = form_data(staff, page_of(question))
    assert data["choices-0-text"] == "Alpha"
    assert "criteria-TOTAL_FORMS" in data


class TestRendering:
    URL = reverse("admin:questions_question_rendered")

    def test_markdown_is_rendered_as_on_the_site(self, staff: Client) -> None:
        html = staff.post(self.URL, {"text": "*so* <script>alert(1)</script>"}).json()["html"]
        assert "<em>so</em>" in html
        assert "<script" not in html

    def test_login_is_required(self, client: Client) -> None:
        assert client.post(self.URL, {"text": "x"}).status_code == 302


class TestDashboard:
    INDEX = reverse("admin:index")

    def test_pending_work_is_on_the_index_page(self, staff: Client) -> None:
        make_question(status=Status.IN_REVIEW, slug="look-at-me")
        make_question(holds_for="Python 3.11, Django 4.2", slug="old-hat")
        make_question(holds_for="Django 5.2", slug="up-to-date")
        page = staff.get(self.INDEX).content.decode()
        assert "1 question in editorial review" in page
        assert "look-at-me" in page
        assert "1 question cites a version older" in page
        assert "old-hat" in page
        assert "up-to-date" not in page
        assert [q.slug for q in staff.get(LIST, {"told": "outdated"}).context["cl"].queryset] == ["old-hat"]

    def test_no_pending_work(self, staff: Client) -> None:
        assert "No pending work." in staff.get(self.INDEX).content.decode()

    def test_number_of_queries_is_constant(self, staff: Client, django_assert_num_queries) -> None:
        staff.get(self.INDEX)
        for _ in range(2):
            for _ in range(4):
                make_question(status=Status.IN_REVIEW)
                make_question(holds_for="Django 4.2")
            with django_assert_num_queries(10):
                staff.get(self.INDEX)


def test_browser_line_ends_do_not_change_the_text(staff: Client) -> None:
    question = make_question(stem="One\n\ntwo", code="a = 1\nb = 2", code_language="python")
    question.choices.update(feedback="So\nit is.")
    before = Question.objects.with_content().get().item()
    data = {name: value.replace("\n", "\r\n") if isinstance(value, str) else value
            for name, value in form_data(staff, page_of(question)).items()}  # fmt: skip
    assert "\r\n" in data["choices-0-feedback"]
    assert staff.post(page_of(question), data).status_code == 302
    assert Question.objects.with_content().get().item() == before


def test_saving_without_a_change_makes_one_revision(staff: Client) -> None:
    question = make_question()
    for _ in range(2):
        save(staff, question, {})
    revision = QuestionRevision.objects.get()
    assert revision.made_by is None  # it was so before anybody saved it here
    assert revision.created_at <= timezone.now()
