"""What questions claim about asyncio is run.

One test for each question, named after its slug.
"""

import asyncio
import gc
import threading
import weakref
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
    async def fail():
        raise ValueError

    async def group():
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(fail())

    async def timeout():
        async with asyncio.timeout(0):
            await asyncio.Event().wait()

    async def cancelled():
        job = asyncio.create_task(asyncio.Event().wait())
        await turns()
        job.cancel()
        await job

    async def run_again():
        work = turns()
        try:
            asyncio.run(work)
        finally:
            work.close()

    steps = {"TaskGroup": group, "timeout": timeout, "job.cancel()": cancelled, "asyncio.run": run_again}
    assert len(steps) == len(item.pairs)
    for name, step in steps.items():
        (match,) = [match for text, match in item.pairs.items() if name in text]
        with pytest.raises(BaseException) as raised:  # noqa: PT011 - whatever it is, its name is compared
            in_new_loop(step())
        assert raised.type.__name__ == match


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
    assert item.key == "It goes on in its thread until it returns, unnoticed"


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

    async def overflow():
        queue: asyncio.Queue[int] = asyncio.Queue(100)
        for row in range(101):
            queue.put_nowait(row)

    assert in_new_loop(rows_put(asyncio.Queue(100), asyncio.Queue.put)) == 100
    assert in_new_loop(rows_put(asyncio.Queue(), asyncio.Queue.put)) == 500
    with pytest.raises(asyncio.QueueFull):
        in_new_loop(overflow())
    assert item.key == "`asyncio.Queue(100)` with `await queue.put(row)`"


def test_notification_now_and_then_lost(item):
    async def waits_for_what_nobody_holds():
        await asyncio.get_running_loop().create_future()

    async def messages_of_the_loop():
        messages = []
        asyncio.get_running_loop().set_exception_handler(lambda _, context: messages.append(context["message"]))
        task = weakref.ref(asyncio.create_task(waits_for_what_nobody_holds()))
        await turns()
        gc.collect()
        assert task() is None
        return messages

    assert in_new_loop(messages_of_the_loop()) == ["Task was destroyed but it is pending!"]

    listing = run(item.code)
    ended = threading.Event()

    async def notify(order_id):
        await turns()
        ended.set()

    listing["notify"] = notify
    with TestClient(listing["app"]) as client:
        assert client.post("/orders/7").json() == {"accepted": 7}
        assert ended.wait(5)  # the task was started and outlived the response
    assert item.key.startswith("Nothing keeps a strong reference")


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
    assert item.key.startswith("Every call waits on a new semaphore")


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
    assert item.key == "The second request blocks the thread in which the first must go on"
