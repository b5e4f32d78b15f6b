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
import zlib
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
        "A `functools.partial` of such a function with a number": functools.partial(area, 3),
        "A lambda that is assigned to a local variable of the view": lambda: area(3),
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


def lets_others_run(work, other=lambda: None):
    """Whether another thread executes Python code during one of the calls; only a released GIL gives it a turn."""
    ready, start, ran = threading.Event(), threading.Event(), []

    def other_thread():
        ready.set()
        start.wait()
        ran.append(True)
        other()

    thread = threading.Thread(target=other_thread)
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1000)  # seconds: no thread has to give way between two instructions
    try:
        thread.start()
        ready.wait()
        start.set()
        for _ in range(50):
            work()
            if ran:
                return True
        return False
    finally:
        sys.setswitchinterval(interval)
        thread.join()


def test_another_thread_meanwhile(item):
    data, rows = os.urandom(2_000_000), list(range(5_000))
    pattern, text = re.compile("(a+)+b"), "a" * 12
    connection, peer = socket.socketpair()
    with connection, peer:
        seen = {
            "`connection.recv(4096)`": lets_others_run(lambda: connection.recv(4096), lambda: peer.send(b"x")),
            "`hashlib.sha256(data)`": lets_others_run(lambda: hashlib.sha256(data * 4)),
            "`zlib.compress(data)`": lets_others_run(lambda: zlib.compress(data)),
            "`json.dumps(rows)`": lets_others_run(lambda: json.dumps(rows)),
            "`pattern.fullmatch(text)`": lets_others_run(lambda: pattern.fullmatch(text)),
        }
    assert set(item.options) == set(seen)
    assert item.accepted == {call for call, ran in seen.items() if ran}


counter = 0


def count():
    global counter  # noqa: PLW0603 - it is what the question is about
    counter += 1


def test_counter_under_the_gil(item, monkeypatch):
    monkeypatch.setitem(globals(), "counter", 0)

    def stop_before_storing(frame, event, _):
        """Lets another thread count while this one has read the value and not yet stored the new one."""
        if frame.f_code is not count.__code__:
            return None
        frame.f_trace_opcodes = True
        if event == "opcode" and dis.opname[frame.f_code.co_code[frame.f_lasti]] == "STORE_GLOBAL":
            other = threading.Thread(target=count)
            other.start()
            other.join()
        return stop_before_storing

    before = sys.gettrace()
    sys.settrace(stop_before_storing)
    try:
        count()
    finally:
        sys.settrace(before)
    assert counter == 1  # two threads have counted
    assert item.key == "False"


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
