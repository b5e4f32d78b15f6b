"""Checks of questions about Pydantic models and about requests and responses of FastAPI.

One test for each question, named after its slug.
"""

from datetime import date
from typing import Any
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model

from questions.tests.bank.content import Asked, printed, run


def test_text_that_looks_like_a_number(item: Asked) -> None:
    assert f"`{printed(item.code)}`" == item.key
    left_to_right = item.code.replace("value: int | str", 'value: int | str = Field(union_mode="left_to_right")')
    assert item.stating(printed(left_to_right.replace("BaseModel\n", "BaseModel, Field\n", 1))) == {"`[7, 7, 7]`"}
    with pytest.raises(ValidationError):
        create_model("Texts", value=(str, ...))(value=7.0)


def test_title_set_to_null(item: Asked) -> None:
    assert item.stating(printed(item.code)) == {item.key}
    assert item.stating(printed(item.code.replace("exclude_unset", "exclude_defaults"))) == {"`{}`"}
    everything = printed(item.code.replace("exclude_unset=True", ""))
    assert item.stating(everything) == {"`{'title': None, 'pinned': False}`"}
    assert item.stating(printed(item.code.replace("unset", "none"))) == {"`{'pinned': False}`"}


def test_renamed_and_no_longer_pinned(item: Asked) -> None:
    def does_all(argument: str) -> bool:
        made = run(item.code.replace("model_dump()", f"model_dump({argument})"))
        client, notes = TestClient(made["app"]), made["notes"]
        client.patch("/notes/1", json={"title": "Bread"})
        renamed = notes[1] == {"title": "Bread", "pinned": True}
        client.patch("/notes/1", json={"pinned": False})
        unpinned = notes[1]["pinned"] is False
        client.patch("/notes/1", json={"title": None})
        return renamed and unpinned and notes[1]["title"] is None

    assert not does_all("")
    assert {option for option in item.options if does_all(option.strip("`"))} == {item.key}


def test_strict_from_python_and_from_json(item: Asked) -> None:
    def where(kind: Any, value: Any, json: str) -> str:
        model = create_model("Strict", __config__=ConfigDict(strict=True), field=(kind, ...))
        accepted = []
        for way, given in (
            (model.model_validate, {"field": value}),
            (model.model_validate_json, f'{{"field": {json}}}'),
        ):
            try:
                way(given)  # type: ignore[operator]
                accepted.append(True)
            except ValidationError:
                accepted.append(False)
        words = {(True, True): "Both", (False, True): "JSON only", (True, False): "Python only"}
        return words.get((accepted[0], accepted[1]), "Neither")

    assert item.pairs == {
        '`"2026-05-01"` for a `date`': where(date, "2026-05-01", '"2026-05-01"'),
        "`3` for a `float`": where(float, 3, "3"),
        '`"3"` for an `int`': where(int, "3", '"3"'),
        '`["a", "b"]` for a `tuple[str, ...]`': where(tuple[str, ...], ["a", "b"], '["a", "b"]'),
    }


def test_validators_in_what_order(item: Asked) -> None:
    assert item.stating(printed(item.code)) == {item.key}
    other_order = "BeforeValidator(without_currency), BeforeValidator(strip)"
    swapped = item.code.replace("BeforeValidator(strip), BeforeValidator(without_currency)", other_order)
    assert item.stating(printed(swapped)) == {"`['19.90', '19.90', '19.90']`"}
    after_conversion = item.code.replace("BeforeValidator", "AfterValidator")
    assert item.stating(printed(after_conversion)) == {"`['invalid', 'invalid', 'invalid']`"}


def test_past_the_validation(item: Asked) -> None:
    class Person(BaseModel):
        age: int = Field(ge=0)

    class Checked(Person):
        model_config = ConfigDict(validate_assignment=True)

    def age_after(words: str) -> int | None:
        person = Person(age=1)
        try:
            made = person if "person.age =" in words else eval(words, {"Person": Person, "person": person})
            if made is person:
                exec(words, {"person": person})
        except ValidationError:
            return None
        return made.age

    assert {option for option in item.options if age_after(option.strip("`")) == -1} == item.accepted
    with pytest.raises(ValidationError):
        Checked(age=1).age = -1
    assert Checked(age=1).model_copy(update={"age": -1}).age == -1


def test_an_id_of_its_own(item: Asked) -> None:
    order = run(item.code)["Order"]
    first, second = order(), order()
    assert isinstance(first.id, UUID)
    assert item.key == str(first.id is not second.id)
    first.lines.append("Dune")
    assert second.lines == []

    called = run(
        item.code.replace("= uuid4()", "= Field(default_factory=uuid4)").replace("BaseModel\n", "BaseModel, Field\n", 1)
    )
    assert called["Order"]().id != called["Order"]().id


def test_errors_about_the_other_way_to_pay(item: Asked) -> None:
    def listed(code: str) -> list[str]:
        sent = {"payment": {"kind": "card", "number": "4111"}}
        response = TestClient(run(code)["app"]).post("/orders", json=sent)
        assert response.status_code == 422
        return [error["loc"][-1] for error in response.json()["detail"]]

    def with_field(argument: str) -> str:
        code = item.code.replace("import BaseModel", "import BaseModel, Field")
        return code.replace("Card | Transfer\n", f"Card | Transfer = Field({argument})\n")

    assert sorted(listed(item.code)) == ["cvc", "iban", "kind"]
    assert len(listed(with_field('union_mode="left_to_right"'))) == 3
    assert listed(with_field('discriminator="kind"')) == ["cvc"]
    forbidding = item.code.replace("(BaseModel):\n    kind", '(BaseModel, extra="forbid"):\n    kind')
    assert sorted(listed(forbidding)) == ["cvc", "iban", "kind", "number"]
    plain = item.code.replace('Literal["card"]', "str").replace('Literal["transfer"]', "str")
    assert sorted(listed(plain)) == ["cvc", "iban"]
    assert 'discriminator="kind"' in item.key


def test_where_the_error_is(item: Asked) -> None:
    assert item.accepted == {printed(item.code)}


def test_end_beside_a_failed_start(item: Asked) -> None:
    made = run(item.code)
    client = TestClient(made["app"], raise_server_exceptions=False)
    assert client.post("/bookings", json={"start": "2026-05-01", "end": "2026-05-03"}).status_code == 200
    assert client.post("/bookings", json={"start": "2026-05-05", "end": "2026-05-03"}).status_code == 422
    failing = {"start": "soon", "end": "2026-05-03"}
    assert client.post("/bookings", json=failing).status_code == 500
    with pytest.raises(KeyError, match="start"):
        made["Booking"].model_validate(failing)
    with pytest.raises(ValidationError) as both:
        made["Booking"].model_validate({"start": "soon", "end": "never"})
    assert both.value.error_count() == 2
    with_default = run(item.code.replace('info.data["start"]', 'info.data.get("start", date.min)'))
    with pytest.raises(ValidationError):
        with_default["Booking"].model_validate(failing)
    assert item.key.endswith("raises a `KeyError`")


def test_how_many_errors_at_once(item: Asked) -> None:
    assert item.accepted == {printed(item.code)}
    valid = {"code": "ABCD", "copies": 5, "pages": []}
    with pytest.raises(ValidationError) as only_the_model:
        run(item.code)["PrintJob"].model_validate(valid)
    assert [error["loc"] for error in only_the_model.value.errors()] == [()]


def test_answer_that_breaks_its_promise(item: Asked) -> None:
    response = TestClient(run(item.code)["app"], raise_server_exceptions=False).get("/books/7")
    assert (response.status_code, "unknown" in response.text) == (500, False)
    undeclared = TestClient(run(item.code.replace(" -> Book", ""))["app"]).get("/books/7")
    assert undeclared.json()["price"] == "unknown"
    assert item.key == "A 500 without the data"


def test_digits_of_a_price(item: Asked) -> None:
    imports = "from typing import Annotated\nfrom pydantic import AfterValidator\n"

    def shown(annotation: str) -> str:
        app = run(imports + item.code.replace("amount: ...", f"amount: {annotation}"))["app"]
        response = TestClient(app, raise_server_exceptions=False).get("/offer")
        return str(response.json()["amount"]) if response.status_code == 200 else str(response.status_code)

    found = {option: shown(option.strip("`")) for option in item.options}
    assert list(found.values()) == ["19.9", "19.9", "19.90", "500"]
    assert {option for option, digits in found.items() if digits == "19.90"} == {item.key}


def test_misspelled_currency(item: Asked) -> None:
    def statuses(code: str) -> list[int]:
        client = TestClient(run(code)["app"])
        bodies = ({"amount": 10, "curency": "USD"}, {"amount": 10})
        return [client.post("/charges", json=body).status_code for body in bodies]

    def with_setting(option: str) -> str:
        setting = option.removeprefix("Set `").removesuffix("` on the model")
        return item.code.replace("Charge(BaseModel)", f"Charge(BaseModel, {setting})")

    assert statuses(item.code) == [201, 201]
    required, *settings = item.options
    assert "required" in required and statuses(item.code.replace(' = "EUR"', "")) == [422, 422]
    assert {option for option in settings if statuses(with_setting(option)) == [422, 201]} == {item.key}
