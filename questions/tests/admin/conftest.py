"""Fixtures for tests of the admin."""

import pytest
from django.test import Client

from questions.tests.factories import UserFactory


@pytest.fixture
def staff(client: Client) -> Client:
    """Return a client logged in as a superuser."""
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client
