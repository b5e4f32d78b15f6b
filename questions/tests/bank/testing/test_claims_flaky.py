"""What questions claim about clocks, hash seeds, async tests, coverage and property tests is run.

One test for each question, named after its slug.
"""

import ast
import os
import re
import subprocess
import sys
import trace
import unittest
import warnings
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from questions.tests.bank.content import run, stated


def test_half_of_the_runs_fail(item):
    def label_in_a_new_process(seed):
        code = item.code + '\n\nprint(label(["red", "blue", "red"]))'
        environment = os.environ | {"PYTHONHASHSEED": str(seed)}
        done = subprocess.run(
            [sys.executable, "-S", "-c", code], env=environment, capture_output=True, text=True, check=True
        )
        return done.stdout.strip()

    assert {label_in_a_new_process(seed) for seed in range(6)} == {"red blue", "blue red"}
    assert label_in_a_new_process(1) == label_in_a_new_process(1)
    label = run(item.code)["label"]
    assert len({label(["red", "blue", "red"]) for _ in range(100)}) == 1  # always the same in one process
    assert list(dict.fromkeys(["red", "blue", "red"])) == ["red", "blue"]
    assert item.key.startswith("Each process picks a seed")


def test_a_date_in_tokyo(item):
    listing = run(item.code)
    midnight = datetime(2026, 3, 2, tzinfo=ZoneInfo("Asia/Tokyo"))

    def fails_at(moment):
        class Clock:
            now = staticmethod(moment.astimezone)
            today = staticmethod(moment.date)

        listing.update(datetime=Clock, date=Clock)
        try:
            listing["test_created_on"]()
        except AssertionError:
            return True
        return False

    half_hours = sum(fails_at(midnight + timedelta(minutes=30 * number)) for number in range(48))
    assert item.accepted == {f"{half_hours / 2:g}"}


def test_async_method_of_a_test_case(item):
    def successful(code):
        def run_class():
            result = unittest.TestResult()
            with warnings.catch_warnings(action="ignore"):
                unittest.defaultTestLoader.loadTestsFromTestCase(run(code)["PriceTests"]).run(result)
            return result.testsRun, result.wasSuccessful()

        with ThreadPoolExecutor(max_workers=1) as thread:
            return thread.submit(run_class).result()

    assert successful(item.code) == (1, True)
    assert successful(item.code.replace("unittest.TestCase", "unittest.IsolatedAsyncioTestCase")) == (1, False)
    assert item.key == "True"


def test_changes_that_nobody_notices(item):
    def passes(code):
        try:
            run(code)["test_shipping"]()
        except AssertionError:
            return False
        return True

    def changed(text):
        old, new = re.findall("`([^`]+)`", text)
        assert item.code.count(old) == 1
        return item.code.replace(old, new)

    listing = run(item.code)
    tracer = trace.Trace(count=1, trace=0)
    listing["__file__"] = "listing"  # the tracer ignores functions without a file
    tracer.runfunc(listing["test_shipping"])
    executed = {line for file, line in tracer.results().counts if file == "listing"}
    first, *lines = [line for _, _, line in listing["shipping"].__code__.co_lines() if line]
    assert set(lines) - {first} <= executed  # 100 % of its lines
    assert {text for text in item.options if passes(changed(text))} == item.accepted


def test_smallest_failing_width(item):
    test = settings(derandomize=True, database=None, deadline=None)(run(item.code)["test_it_fits"])
    with pytest.raises(AssertionError) as caught:
        test()
    example = "\n".join(caught.value.__notes__)
    text, width = re.search(r"text=(.+),\s+width=(\d+)", example).groups()
    assert item.stating(ast.literal_eval(text), width) == {item.key}


def test_properties_of_joined_tags(item):
    listing = run(item.code)
    texts, no_commas = st.text(st.sampled_from("ab é,")), st.text(st.sampled_from("ab é"))
    inputs = {
        "for all lists of texts without a comma": st.lists(no_commas),
        "for all non-empty lists of texts without a comma": st.lists(no_commas, min_size=1),
        "for all non-empty lists of texts": st.lists(texts, min_size=1),
        "for all texts": texts,
        "for all lists of texts": st.lists(texts),
    }

    def refuted(text):
        (statement,) = stated(text)

        @settings(derandomize=True, database=None, deadline=None, max_examples=200)
        @given(next(values for words, values in inputs.items() if text.endswith(words)))
        def holds(value):
            assert eval(statement, {**listing, "tags": value, "line": value})

        try:
            holds()
        except AssertionError:
            return True
        return False

    assert {text for text in item.options if refuted(text)} == item.accepted
