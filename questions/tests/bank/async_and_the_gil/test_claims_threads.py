"""What questions claim about threads, processes and the GIL is run.

One test for each question, named after its slug.
"""

import asyncio
import contextlib
import dis
import functools
import hashlib
import json
import os
import pickle
import re
import socket
import sqlite3
import sys
import threading
from multiprocessing.reduction import ForkingPickler

import pytest

from questions.tests.bank.content import in_new_loop, run


def area(width, height=1):
    return width * height


def test_handed_to_a_process_pool(item):
    connection = sqlite3.connect(":memory:")

    def inside():
        pass

    passed = {
        "A function defined at the top level of a module": area,
        "A `functools.partial` of a top-level function and a number": functools.partial(area, 3),
        "A lambda assigned to a local variable of the view": lambda: area(3),
        "A function defined inside the view": inside,
        "An open database connection, as the argument": connection,
    }

    def crosses(value):
        try:
            ForkingPickler.dumps(value)
        except (pickle.PicklingError, AttributeError, TypeError):
            return False
        return True

    assert set(item.options) == set(passed)
    assert item.accepted == {text for text, value in passed.items() if crosses(value)}
    connection.close()


def lets_others_run(work, other=lambda: None, interval=1000, calls=50):
    """Whether another thread runs Python code during one of the calls, if the interpreter switches after `interval`.

    With the default, in seconds, only a call that releases the GIL lets it run.
    """
    ready, start, ran = threading.Event(), threading.Event(), []

    def other_thread():
        ready.set()
        start.wait()
        ran.append(True)
        other()

    thread = threading.Thread(target=other_thread)
    usual = sys.getswitchinterval()
    sys.setswitchinterval(interval)
    try:
        thread.start()
        ready.wait()
        start.set()
        for _ in range(calls):
            work()
            if ran:
                return True
        return False
    finally:
        sys.setswitchinterval(usual)
        thread.join()


def test_another_thread_meanwhile(item):
    data, rows = os.urandom(2_000_000), list(range(5_000))
    pattern, text = re.compile("(a+)+b"), "a" * 12
    connection, peer = socket.socketpair()

    def count_in_a_for_loop():
        count = 0
        for row in rows:
            count += row

    with connection, peer:
        seen = {
            "connection.recv(4096)": lets_others_run(lambda: connection.recv(4096), lambda: peer.send(b"x")),
            "hashlib.sha256(data)": lets_others_run(lambda: hashlib.sha256(data * 4)),
            "count_in_a_for_loop(rows)": lets_others_run(count_in_a_for_loop, interval=1e-5, calls=5_000),
            "json.dumps(rows)": lets_others_run(lambda: json.dumps(rows)),
            "pattern.fullmatch(text)": lets_others_run(lambda: pattern.fullmatch(text)),
        }
    assert not lets_others_run(count_in_a_for_loop)  # it does not release the GIL, the interpreter takes it away
    table = re.findall(r"^(\w.*\)) +[\d.]+ s +([\d,]+) ms$", item.code, re.MULTILINE)
    assert {call: int(gap.replace(",", "")) < 500 for call, gap in table} == seen
    assert item.key == "They are single C calls that hold the GIL until they return"


def test_counter_under_the_gil(item):
    def counted(number):
        """Return the counter after four threads; so many of them run while the first has loaded and not yet stored."""
        listing = run(item.code)
        hit = listing["hit"]

        def start(threads):
            for _ in range(threads):
                other = threading.Thread(target=hit)
                other.start()
                other.join()

        def stop_before_storing(frame, event, _):
            if frame.f_code is not hit.__code__:
                return None
            frame.f_trace_opcodes = True
            if event == "opcode" and dis.opname[frame.f_code.co_code[frame.f_lasti]] == "STORE_GLOBAL":
                start(number)
            return stop_before_storing

        before = sys.gettrace()
        sys.settrace(stop_before_storing)
        try:
            hit()
        finally:
            sys.settrace(before)
        start(3 - number)
        return listing["counter"]

    assert {counted(number) for number in range(4)} == {1, 2, 3, 4}
    assert item.key == "1, 2, 3 or 4"


def test_code_in_a_free_threaded_build(item):
    # Run on a standard build as well: what both builds promise, and what neither does.
    done, built, cache, both_looked = [], [], {}, threading.Barrier(2)

    def in_threads(number, function):
        threads = [threading.Thread(target=function) for _ in range(number)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def append_jobs():
        for job in range(500):
            done.append(job)  # noqa: PERF402 - one by one

    def look_up():
        if "key" not in cache:
            both_looked.wait(5)
            built.append("key")
            cache["key"] = "value"

    async def thread_of_a_coroutine():
        return threading.get_ident()

    async def threads_of_coroutines():
        return await asyncio.gather(*[thread_of_a_coroutine() for _ in range(2)])

    in_threads(4, append_jobs)
    in_threads(2, look_up)
    assert len(done) == 4 * 500
    assert built == ["key", "key"]
    assert len(set(in_new_loop(threads_of_coroutines()))) == 1
    assert [text in item.accepted for text in item.options] == [True, True, False, False, True]


def test_log_of_a_stalled_loop(item, caplog):
    clock = 0.0

    async def sync_products(go_on):
        nonlocal clock
        clock += 1.903  # stands for a call that blocks so long
        go_on.set()
        await asyncio.sleep(0)

    async def send_email(go_on):
        await go_on.wait()

    async def main():
        loop, go_on = asyncio.get_running_loop(), asyncio.Event()
        loop.set_debug(True)
        loop.time = lambda: clock
        await asyncio.gather(send_email(go_on), sync_products(go_on))

    in_new_loop(main())
    slow = [message for message in caplog.messages if " took " in message]
    assert len(slow) == 1  # the task that only waited is not blamed
    pattern = r"Executing <Task .*sync_products\(\).*> took 1\.903 seconds$"
    found = [number for number, line in enumerate(item.code.splitlines(), 1) if re.search(pattern, line)]
    assert re.search(pattern, slow[0])
    assert [str(number) for number in found] == ["9"]
    assert item.accepted == {"9", "10-11"}


def test_review_of_the_tea_shop(item, monkeypatch):
    shop = run(item.code)
    with pytest.warns(RuntimeWarning, match="'write_log' was never awaited"):  # line 31
        in_new_loop(shop["main"]())
    assert shop["LOG"] == ["restocked tea"]
    assert shop["STOCK"]["tea"] == 10 - 1 + 5  # lines 28-30: five sales took away one

    async def is_unreachable():
        return False

    ran: list[object] = []
    monkeypatch.setitem(shop, "is_reachable", is_unreachable)
    monkeypatch.setattr(shop["time"], "sleep", ran.append)  # line 23

    async def wait():
        asyncio.get_running_loop().call_soon(ran.append, "another task")
        with contextlib.suppress(TimeoutError):
            await shop["wait_for_warehouse"]()

    in_new_loop(wait())
    assert ran[:3] == [0.1, 0.2, 0.4]  # the other task had no turn in between
    assert item.accepted == {"28-30", "23", "31"}
