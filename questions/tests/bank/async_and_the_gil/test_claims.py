"""What questions claim about asyncio is run.

One test for each question, named after its slug.
"""

import asyncio
import functools
import gc
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from fastapi.testclient import TestClient

from questions.tests.bank.content import in_new_loop, printed, run


def output(code: str) -> str:
    """What the program prints when it is run in a thread without an event loop."""
    with ThreadPoolExecutor(max_workers=1) as thread:
        return thread.submit(printed, code).result()


async def turns(number: int = 5) -> None:
    """Lets everything that is ready run."""
    for _ in range(number):
        await asyncio.sleep(0)


def test_gather_one_fails(item):
    at_once, later = output(item.code).split("] ")
    assert item.stating(at_once + "]", later) == {item.key}


def test_gather_return_exceptions(item):
    assert item.accepted == {output(item.code)}


def test_which_exception_comes_out(item):
    report = run(item.code)["report"]

    async def fail():
        raise ValueError

    async def gathered(**options):
        await asyncio.gather(turns(), fail(), turns(), **options)

    async def grouped():
        async with asyncio.TaskGroup() as tasks:
            for work in (turns(), fail(), turns()):
                tasks.create_task(work)

    async def too_long():
        async with asyncio.timeout(0):
            await asyncio.Event().wait()

    async def cancelled():
        asyncio.get_running_loop().call_soon(asyncio.current_task().cancel)
        await asyncio.Event().wait()

    async def reported(work):
        try:
            return f'returns "{await report(work)}"'
        except asyncio.CancelledError:
            return "returns nothing, because an exception leaves it"

    works = {
        "`gather` over": gathered,
        "`TaskGroup`": grouped,
        "`asyncio.timeout`": too_long,
        "is cancelled": cancelled,
        "`return_exceptions=True`": functools.partial(gathered, return_exceptions=True),
    }
    assert len(works) == len(item.pairs)
    for name, work in works.items():
        (match,) = [match for text, match in item.pairs.items() if name in text]
        assert in_new_loop(reported(work)) == match


def test_coroutine_against_task(item):
    assert item.options == output(item.code).splitlines()


def test_total_over_await(item):
    assert item.accepted == {output(item.code)}
    separate = item.code.replace("total += await price()", "amount = await price()\n    total += amount")
    assert output(separate) == "15"


def test_cancelled_while_waiting(item):
    assert item.stating(output(item.code)) == {item.key}
    assert not issubclass(asyncio.CancelledError, Exception)


def test_request_id_in_executor(item):
    assert item.stating(output(item.code)) == {item.key}


def test_thread_local_in_coroutines(item):
    assert item.stating(output(item.code)) == {item.key}


def test_thread_after_timeout(item):
    started, go_on, returned = threading.Event(), threading.Event(), threading.Event()

    def render():
        started.set()
        go_on.wait()
        returned.set()

    async def endpoint():
        call = asyncio.create_task(asyncio.to_thread(render))
        while not started.is_set():
            await asyncio.sleep(0)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(call, timeout=0)
        assert not returned.is_set()
        go_on.set()
        assert returned.wait(5)

    in_new_loop(endpoint())
    assert item.key == "It continues until it returns, and its result is thrown away"


def test_reader_faster_than_writer(item):
    async def rows_put(queue, put):
        """How many rows the reader has put while nobody takes any; it has 500 of them."""

        async def read():
            for row in range(500):
                await put(queue, row)

        reader = asyncio.create_task(read())
        await turns()
        number = queue.qsize()
        reader.cancel()
        await asyncio.gather(reader, return_exceptions=True)
        return number

    async def put_and_let_others_run(queue, row):
        queue.put_nowait(row)
        await asyncio.sleep(0)

    async def rows_put_while_the_writer_waits():
        queue: asyncio.Queue[int] = asyncio.Queue()
        for row in range(500):
            await put_and_let_others_run(queue, row)
        return queue.qsize()

    async def overflow():
        queue: asyncio.Queue[int] = asyncio.Queue(100)
        for row in range(101):
            queue.put_nowait(row)

    assert in_new_loop(rows_put(asyncio.Queue(100), asyncio.Queue.put)) == 100
    assert in_new_loop(rows_put(asyncio.Queue(), asyncio.Queue.put)) == 500
    assert in_new_loop(rows_put_while_the_writer_waits()) == 500
    with pytest.raises(asyncio.QueueFull):
        in_new_loop(overflow())
    assert item.key == "`asyncio.Queue(100)` with `await queue.put(row)`"


def test_notification_now_and_then_lost(item, caplog, capsys):
    gc.disable()
    try:
        with TestClient(run(item.code)["app"]) as shop:
            for order in (1, 2):
                assert shop.post(f"/orders/{order}").json() == {"accepted": order}
                if order == 2:
                    gc.collect()  # Python does this itself now and then
                assert shop.post(f"/payments/{order}").status_code == 200
    finally:
        gc.enable()
    assert capsys.readouterr().out == "notified 1\n"
    assert "Task was destroyed but it is pending!" in caplog.text
    assert item.key == "Nothing keeps a strong reference to the task"


def test_limit_of_ten_has_no_effect(item):
    class Upstream:
        now = most = 0

        async def get(self, url):
            self.now += 1
            self.most = max(self.most, self.now)
            await turns()
            self.now -= 1

    async def shared_limit(client, urls):
        limit = asyncio.Semaphore(10)

        async def fetch(url):
            async with limit:
                await client.get(url)

        await asyncio.gather(*[fetch(url) for url in urls])

    shown, mended = Upstream(), Upstream()
    in_new_loop(run(item.code)["fetch_all"](shown, range(300)))
    in_new_loop(shared_limit(mended, range(300)))
    assert (shown.most, mended.most) == (300, 10)
    assert item.key.startswith("Each call creates and uses a semaphore")


class WouldBlock(Exception):
    pass


class Lock:
    """A lock that says so, and in which thread, instead of blocking it."""

    def __init__(self):
        self.real = threading.Lock()
        self.thread = None

    def __enter__(self):
        if not self.real.acquire(blocking=False):
            raise WouldBlock(self.thread == threading.get_ident())
        self.thread = threading.get_ident()

    def __exit__(self, *_):
        self.real.release()


def test_two_requests_and_nothing_moves(item):
    listing = run(item.code)

    async def fetch_token():
        await turns()
        return "t0"

    async def two_requests(lock):
        listing.update(fetch_token=fetch_token, lock=lock, cache={})
        return await asyncio.gather(listing["token"](), listing["token"](), return_exceptions=True)

    first, second = in_new_loop(two_requests(Lock()))
    assert first == "t0"
    assert second.args == (True,)  # it would block the very thread in which the first holds the lock
    assert in_new_loop(two_requests(threading.RLock())) == ["t0", "t0"]
    assert item.key == "The second request blocks the thread that the first one needs to continue"


def test_mail_server_down_in_background(item):
    listing, tried = run(item.code), []
    send_email = listing["send_email"]

    def counted(address):
        tried.append(address)
        send_email(address)

    listing["send_email"] = counted
    response = TestClient(listing["app"], raise_server_exceptions=False).post("/orders")
    assert (response.status_code, response.json()) == (200, {"accepted": True})
    assert tried == ["ada@example.org"]
    with pytest.raises(ConnectionError):
        TestClient(listing["app"]).post("/orders")
    assert item.key == "Status 200, and the email is not retried"
