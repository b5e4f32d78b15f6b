"""Who edits."""

import pytest
from django.test import Client

from questions.tests.factories import UserFactory


@pytest.fixture
def staff(client: Client) -> Client:
    """A client logged in as a member of staff who may do everything."""
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    return client
