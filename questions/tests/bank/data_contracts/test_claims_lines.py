"""Checks of questions of the type “find the lines” about data contracts.

One test for each question, named after its slug.
"""

from itertools import product
from typing import Any

from pydantic import ValidationError, create_model

from questions.tests.bank.content import Asked, run


def test_diff_that_breaks_partners(item: Asked) -> None:
    imports = "from datetime import datetime\nfrom decimal import Decimal\nfrom typing import Literal\n"
    imports += "from pydantic import BaseModel, Field\n"

    def version(applied: set[int]) -> dict[str, Any]:
        """The models when only these lines of the diff are applied."""
        kept = []
        for number, line in list(enumerate(item.code.splitlines(), 1))[2:]:
            if line[:1] not in "+-" or (line[:1] == "+") == (number in applied):
                kept.append(line[1:])
        return run(imports + "\n".join(kept))

    published = version(set())
    orders = [
        {"lines": [{"sku": "tea", "quantity": quantity}], "email": "ada@example.org"} | more
        for quantity, more in product((1, 60, 100), ({}, {"note": "soon"}))
    ]
    values = {"id": 7, "total": 19.9, "status": "paid", "paid_at": "2026-05-01T12:00:00Z"}

    def can_break(option: str) -> bool:
        first, _, last = option.partition("-")
        models = version(set(range(int(first), int(last or first) + 1)))
        takes, gives, sent = models["OrderIn"], models["OrderOut"], []
        for email in ("ada@example.org", None):
            try:
                sent.append(gives.model_validate(values | {"email": email}).model_dump_json())
            except ValidationError:
                assert email is None  # this version cannot send it
        expects = create_model("Expects", __base__=published["OrderOut"], __cls_kwargs__={"strict": True})
        try:
            for order in orders:
                takes.model_validate(order)
            for response in sent:
                expects.model_validate_json(response)
        except ValidationError:
            return True
        return False

    assert all(published["OrderIn"].model_validate(order) for order in orders)
    assert not can_break("1")
    assert {option for option in item.options if can_break(option)} == item.accepted
