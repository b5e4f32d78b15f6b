"""Fixtures of the security tests."""

from collections.abc import Iterator

import pytest
from django.core.cache import cache

from quizsite import settings as production


@pytest.fixture
def limited(settings) -> Iterator[None]:
    """The rate limits of production, with empty counters."""
    settings.ACCOUNT_RATE_LIMITS = production.ACCOUNT_RATE_LIMITS
    cache.clear()
    yield
    cache.clear()
