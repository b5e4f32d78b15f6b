"""Who has data, and where its pages are."""

import uuid

import pytest
from django.test import Client
from django.urls import reverse

from questions.accounts.owners import Owner
from questions.accounts.visitors import SESSION_KEY
from questions.tests.factories import UserFactory

DATA, DOWNLOAD, DELETE = (reverse(name) for name in ("data", "data-download", "data-delete"))
PASSWORD = "a long walk by the sea"


def as_user(client: Client, **fields) -> Owner:
    user = UserFactory(password=PASSWORD, **fields)
    client.force_login(user)
    return Owner(user_id=user.pk)


def as_visitor(client: Client) -> Owner:
    session = client.session
    visitor = session.setdefault(SESSION_KEY, str(uuid.uuid4()))
    session.save()
    client.cookies["sessionid"] = session.session_key
    return Owner(visitor=uuid.UUID(visitor))


BOTH = pytest.mark.parametrize("enter", [as_user, as_visitor])
