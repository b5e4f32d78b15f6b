"""A compiled query returns the rows of its queryset, and a compiled update changes them, on both databases."""

import uuid
from threading import Thread

import pytest
from django.contrib.auth.models import User
from django.db import connection
from django.db.models import BigAutoField, CharField, UUIDField
from django.utils import timezone

from questions.accounts.owners import Owner
from questions.attempts import services as attempts
from questions.attempts.models import Attempt
from questions.bank.models.topics import Topic
from questions.performance.compiled_queries import CompiledQuery, CompiledUpdate, Parameter
from questions.tests.factories import TopicFactory, UserFactory, make_question

pytestmark = pytest.mark.django_db


def started(user: User) -> Attempt:
    return attempts.start(
        owner=Owner(user_id=user.pk),
        questions=[make_question("open")],
        mode="practice",
        title="A quiz",
        at=timezone.now(),
    )


def test_rows_equal_those_of_the_queryset() -> None:
    mine, _other = (started(UserFactory()) for _ in range(2))
    compiled = CompiledQuery(
        lambda: Attempt.objects.select_related("user").filter(
            user=Parameter("user", BigAutoField()), public_id=Parameter("public_id", UUIDField())
        )
    )
    (found,) = compiled(user=mine.user_id, public_id=mine.public_id)
    plain = Attempt.objects.get(pk=mine.pk)
    assert {field.name: getattr(found, field.attname) for field in Attempt._meta.concrete_fields} == {
        field.name: getattr(plain, field.attname) for field in Attempt._meta.concrete_fields
    }
    assert found.user.username == plain.user.username
    assert compiled(user=mine.user_id, public_id=uuid.uuid4()) == []


def test_each_call_uses_its_own_values() -> None:
    topics = [TopicFactory() for _ in range(3)]
    compiled = CompiledQuery(lambda: Topic.objects.filter(slug=Parameter("slug", CharField())))
    assert [compiled(slug=topic.slug)[0] for topic in topics] == topics
    with pytest.raises(KeyError):
        compiled()


def test_query_is_compiled_once_per_connection() -> None:
    builds = iter([Topic.objects.filter(slug=Parameter("slug", CharField()))])
    compiled = CompiledQuery(lambda: next(builds))
    assert [compiled(slug="any") for _ in range(3)] == [[], [], []]


def test_update_changes_its_rows_and_returns_their_number() -> None:
    first, second = TopicFactory(), TopicFactory()
    slug, title = Parameter.of_field(Topic, "slug"), Parameter.of_field(Topic, "title")
    rename = CompiledUpdate(lambda: (Topic.objects.filter(slug=slug), {"title": title}))
    assert rename(slug=first.slug, title="Locks") == 1
    assert rename(slug=second.slug, title="Queues") == 1
    assert rename(slug="none", title="Nothing") == 0
    assert [Topic.objects.get(pk=topic.pk).title for topic in (first, second)] == ["Locks", "Queues"]
    with pytest.raises(KeyError):
        rename(slug=first.slug)


@pytest.mark.django_db(transaction=True)
def test_concurrent_threads_get_their_own_rows() -> None:
    topics = [TopicFactory() for _ in range(4)]
    compiled = CompiledQuery(lambda: Topic.objects.filter(slug=Parameter("slug", CharField())))
    wrong: list[str] = []

    def ask(topic: Topic) -> None:
        try:
            wrong.extend(topic.slug for _ in range(50) if compiled(slug=topic.slug) != [topic])
        finally:
            connection.close()

    threads = [Thread(target=ask, args=[topic]) for topic in topics]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
