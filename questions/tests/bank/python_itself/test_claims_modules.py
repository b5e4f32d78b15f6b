"""What questions claim about imports and about what stays in memory is run.

One test for each question, named after its slug.
"""

import gc
import importlib
import re
import subprocess
import sys
import weakref
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from questions.tests.bank.content import Asked, printed, run


def write_modules(code: str, folder: Path) -> None:
    """Write the files of a listing in which each begins with a comment that names it."""
    folder.mkdir()
    for name, text in re.findall(r"^# (\w+\.py)\n(.*?)(?=^# \w+\.py$|\Z)", code, re.MULTILINE | re.DOTALL):
        (folder / name).write_text(text)


def in_modules(code: str, folder: Path, program: Callable[[], Any]) -> Any:
    """What the program gives if it can import the modules of the listing; they are forgotten afterwards."""
    write_modules(code, folder)
    before = set(sys.modules)
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        return program()
    finally:
        sys.path.remove(str(folder))
        for name in set(sys.modules) - before:
            if Path(getattr(sys.modules[name], "__file__", None) or "/").parent == folder:
                del sys.modules[name]


def test_partially_initialized_module(item: Asked, tmp_path: Path) -> None:
    orders_line, method = "from orders import Order\n", "return [Order()]"

    def app() -> bool:
        orders = importlib.import_module("orders")
        customer = orders.Order().owner()
        return type(customer.open_orders()[0]) is orders.Order

    def app_with_customers_first() -> bool:
        importlib.import_module("customers")
        return app()

    inside = item.code.replace(orders_line, "").replace(method, f"{orders_line.strip()}\n        {method}")
    as_module = item.code.replace(orders_line, "import orders\n").replace("[Order()]", "[orders.Order()]")
    for_checkers = item.code.replace(
        orders_line, f"from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n    {orders_line}"
    )
    star = item.code.replace(orders_line, "from orders import *\n")
    changes = {
        "move the import into": (inside, app),
        "write `import orders`": (as_module, app),
        "TYPE_CHECKING": (for_checkers, app),
        "import customers": (item.code, app_with_customers_first),
        "import *": (star, app),
    }

    def works(part: str) -> bool:
        code, program = changes[part]
        try:
            return in_modules(code, tmp_path / re.sub(r"\W", "_", part), program)
        except (ImportError, NameError):
            return False

    with pytest.raises(ImportError, match="cannot import name 'Order' from partially initialized module 'orders'"):
        in_modules(item.code, tmp_path / "shown", app)
    assert item.accepted == {text for text in item.options for part in changes if part in text and works(part)}
    assert all(sum(part in text for text in item.options) == 1 for part in changes)


def test_retry_that_is_not_caught(item: Asked, tmp_path: Path) -> None:
    write_modules(item.code, tmp_path / "app")
    started = subprocess.run(
        [sys.executable, "worker.py"], cwd=tmp_path / "app", capture_output=True, text=True, check=False
    )
    assert started.returncode == 1
    assert started.stderr.splitlines()[-1] == "worker.Retry"
    assert "retry later" not in started.stdout

    def imported_as_worker() -> None:
        importlib.import_module("worker").main()  # with a single copy of the class it is caught

    in_modules(item.code, tmp_path / "once", imported_as_worker)
    assert item.key.startswith("The file was executed twice")


def test_worker_without_handlers(item: Asked, tmp_path: Path) -> None:
    import_line, lookup = "from registry import HANDLERS\n", "return HANDLERS[event](number)"
    changes = {
        "Add `import billing`": item.code.replace(import_line, f"import billing\n{import_line}"),
        "Write `import registry`": item.code.replace(import_line, "import registry\n").replace(
            lookup, lookup.replace("HANDLERS", "registry.HANDLERS")
        ),
        "Move the import": item.code.replace(import_line, "").replace(lookup, f"{import_line}\n    {lookup}"),
        "Call `handles": item.code.replace(
            import_line, 'from registry import HANDLERS, handles\n\nhandles("invoice.paid")\n'
        ),
    }

    def dispatch() -> Any:
        return importlib.import_module("worker").dispatch("invoice.paid", 7)

    def works(part: str) -> bool:
        try:
            return in_modules(changes[part], tmp_path / re.sub(r"\W", "_", part), dispatch) == "receipt 7"
        except KeyError:
            return False

    with pytest.raises(KeyError):
        in_modules(item.code, tmp_path / "shown", dispatch)
    assert item.accepted == {text for text in item.options for part in changes if text.startswith(part) and works(part)}


def test_errors_on_the_dashboard(item: Asked) -> None:
    class Rows(list[int]):
        """A list that can have weak references."""

    class Job:
        def load(self) -> Rows:
            rows = Rows([1, 2, 3])
            self.rows = weakref.ref(rows)
            return rows

        def process(self, rows: Rows) -> None:
            raise ValueError("bad row")

    def keeps(line: str) -> tuple[bool, bool]:
        """Whether the rows are freed, and whether the dashboard has the stack."""
        listing = run("import gc\nimport traceback\n" + item.code.replace("last_errors.append(error)", line))
        job = Job()
        listing["run"](job)
        (kept,) = listing["last_errors"]
        stack = "".join(kept) if isinstance(kept, list) else str(kept.__traceback__ or "")
        return job.rows() is None, "process" in stack or "traceback" in stack

    def line_of(text: str) -> str:
        return "; ".join(re.findall(r"`([^`]+)`", text))

    kept = {text: keeps(line_of(text)) for text in item.options}
    assert item.accepted == {text for text, both in kept.items() if both == (True, True)}
    (without_stack,) = [text for text, both in kept.items() if both == (True, False)]
    assert "with_traceback(None)" in without_stack


def test_order_and_its_lines(item: Asked) -> None:
    def shown(code: str) -> list[str]:
        gc.freeze()  # objects that exist already are not searched, which saves time
        try:
            return printed(code).splitlines()
        finally:
            gc.unfreeze()
            gc.enable()

    assert item.stating(*shown(item.code)) == {item.key}
    weak_link = item.code.replace("self.order = order", "self.order = weakref.ref(order)")
    assert shown(weak_link) == ["freed: True", "freed: True"]
