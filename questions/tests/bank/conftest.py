"""Gives each check the question that it is named after."""

import functools

import pytest

from questions.tests.bank.content import Asked
from questions.tests.bank.fixture_files import FIXTURES, Bank


@functools.cache
def bank_of(topic: str) -> Bank:
    (file,) = FIXTURES.glob(f"*-{topic}.yaml")
    return Bank(file.name)


@pytest.fixture
def item(request) -> Asked:
    """The question named in the test, `test_<slug>`, of the topic that its folder is named after."""
    topic = request.node.path.parent.name.replace("_", "-")
    slug = request.node.originalname.removeprefix("test_").replace("_", "-")
    return bank_of(topic).asked(slug)
