"""What the tests of security share."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from quizsite import settings as production


@pytest.fixture
def limited(settings) -> Iterator[None]:
    """The limits that hold in production, none of them used up."""
    settings.ACCOUNT_RATE_LIMITS = production.ACCOUNT_RATE_LIMITS
    cache.clear()
    yield
    cache.clear()
