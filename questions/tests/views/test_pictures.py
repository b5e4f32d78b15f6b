"""Pictures are served so that nothing in them can run, and pages show those that belong to their texts."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from questions.attempts.services import record_response
from questions.tests.attempt_steps import key_of, page_of, visitor_attempt
from questions.tests.factories import (
    CodeListingFactory,
    FAQFactory,
    PictureFactory,
    QuizFactory,
    QuizItemFactory,
    SectionFactory,
    make_question,
)

pytestmark = pytest.mark.django_db


def test_a_picture_is_served_as_a_document_that_can_do_nothing(client: Client) -> None:
    picture = PictureFactory()
    response = client.get(picture.shown().url)
    assert response.content.decode() == picture.svg
    assert response.headers["Content-Type"] == "image/svg+xml"
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; style-src 'unsafe-inline'; sandbox"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert response.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert not response.cookies


def test_the_address_needs_the_digest_and_the_kind(client: Client) -> None:
    digest = PictureFactory().digest
    assert client.get(reverse("picture", args=[digest, "svg"])).status_code == 200
    for other in ((digest, "png"), (digest[:-1], "svg"), ("0" * 64, "svg"), (digest, "html")):
        response = client.get(reverse("picture", args=other))
        assert response.status_code == 404
        assert "immutable" not in response.headers.get("Cache-Control", "")


def test_a_replaced_picture_is_still_served_where_it_was_asked(client: Client) -> None:
    picture = PictureFactory(name="onion", alternative_text="As it was")
    question = make_question(stem="![](picture:onion)")
    attempt = visitor_attempt(client, question)
    address = picture.shown().url
    picture.svg, picture.alternative_text = picture.svg.replace("40 20", "60 30"), "As it is"
    picture.save()
    page = client.get(reverse("question", args=[attempt.public_id, 1])).content.decode()
    assert f'src="{address}"' in page
    assert 'alt="As it was"' in page
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("size", [1, 4])
def test_a_guide_shows_its_pictures_in_one_more_query(client: Client, django_assert_num_queries, size: int) -> None:
    section = SectionFactory(body="Words.")
    address = section.guide.get_absolute_url()
    client.get(reverse("home"))
    with django_assert_num_queries(10) as plain:
        client.get(address, {"fresh": 1})
    text = "".join(f"\n\n![](picture:{PictureFactory().name})" for _ in range(size))
    section.body = text
    section.save()
    CodeListingFactory(section=section, note=text)
    FAQFactory(guide=section.guide, answer=text)
    make_question("open", topic=section.guide.topic, stem=text)
    with django_assert_num_queries(len(plain) + 2):  # the pictures, and the follow-up questions of the open question
        page = client.get(address, {"fresh": 1}).content.decode()
    assert page.count('<img class="picture') == 4 * size


def test_options_and_explanations_show_their_pictures(client: Client) -> None:
    PictureFactory(name="a")
    question = make_question(explanation="![](picture:a)")
    question.choices.update(text="![An option](picture:a)", feedback="![](picture:a)")
    attempt = visitor_attempt(client, question)
    response = attempt.responses.get()
    asked = client.get(page_of(attempt)).content.decode()
    options = question.choices.count()
    assert asked.count('class="picture"') == options
    record_response(response=response, answer=key_of(response), at=timezone.now())
    explained = client.get(page_of(attempt)).content.decode()
    assert explained.count('class="picture"') == 2 * options + 1


def test_a_quiz_and_the_first_page_show_their_pictures(client: Client) -> None:
    PictureFactory(name="a")
    quiz = QuizFactory(slug="first-impressions", description="![](picture:a)")
    QuizItemFactory(quiz=quiz, question=make_question(stem="![](picture:a)"))
    for name, arguments in (("quiz", [quiz.slug]), ("home", [])):
        assert 'class="picture"' in client.get(reverse(name, args=arguments)).content.decode()


def test_an_unknown_picture_does_no_harm(client: Client) -> None:
    section = SectionFactory(body="![](picture:gone)")
    page = client.get(section.guide.get_absolute_url()).content.decode()
    assert '<span class="picture-missing">picture:gone</span>' in page
