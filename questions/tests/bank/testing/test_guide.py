"""The guide's programs print what stands below them, and its facts hold."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections
from django.test import SimpleTestCase, TestCase, TransactionTestCase

from questions.tests.bank.content import printed
from questions.tests.bank.fixture_files import Bank
from questions.tests.bank.testing.test_claims_django import problems
from questions.tests.bank.testing.test_claims_pytest import reported

BANK = Bank("10-testing.yaml")


@pytest.mark.parametrize("slug", ["autospec-of-payments", "rollback-and-cache", "nothing-is-lost"])
def test_a_listing_prints_what_stands_below_it(slug: str) -> None:
    listing = BANK.fields("codelisting", slug)
    with ThreadPoolExecutor(max_workers=1) as thread:
        assert thread.submit(printed, listing["code"]).result() == listing["output"]


def test_a_simple_test_case_refuses_queries() -> None:
    class Tests(SimpleTestCase):
        def test_query(self) -> None:
            connections["default"].cursor()

    assert problems(Tests) == ["DatabaseOperationForbidden"]


def test_only_test_case_has_data_of_the_class_and_captures_callbacks() -> None:
    for name in ("setUpTestData", "captureOnCommitCallbacks"):
        assert hasattr(TestCase, name)
        assert not hasattr(TransactionTestCase, name)


def test_a_wide_fixture_may_not_use_a_narrow_one() -> None:
    code = """# test_scopes.py
import pytest


@pytest.fixture
def user(): ...


@pytest.fixture(scope="module")
def server(user): ...


def test_login(server): ...
"""
    assert reported(code)[0] == {"test_login": "error"}
    assert reported(code.replace('(scope="module")', ""))[0] == {"test_login": "passed"}


def test_pytest_alone_does_not_run_an_async_test() -> None:
    assert reported("# test_async.py\nasync def test_nothing(): ...\n")[0] == {"test_nothing": "failed"}


def test_django_awaits_an_async_test() -> None:
    class Tests(SimpleTestCase):
        async def test_price(self) -> None:
            raise LookupError

    with ThreadPoolExecutor(max_workers=1) as thread:
        assert thread.submit(problems, Tests).result() == ["LookupError"]


def test_two_retries_of_one_in_twenty() -> None:
    assert round((1 / 20) ** 3 * 8_000, 9) == 1
