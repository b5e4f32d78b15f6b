"""The arguments of `make bench`, and the tables that it prints."""

from pathlib import Path

import pytest

from bench.cases import EACH, Case, each_cases
from bench.report import report_against, report_each
from bench.run import SECONDS, SECONDS_OF_EACH, parse


def measured(name: str, rate: float, p99: float) -> Case:
    return Case(name, "site", [], rates=[rate, rate, 2 * rate], p99=[p99], cpu=[1000 / rate])


def test_parts_are_repeated_or_listed() -> None:
    assert parse([]).without == ""
    assert parse(["--without", "write_lock"]).without == "write_lock"
    assert (
        parse(["--without", "write_lock,markdown", "--without", "fragments"]).without == "fragments,markdown,write_lock"
    )


def test_runs_are_shorter_where_there_are_more_of_them() -> None:
    assert parse([]).seconds == SECONDS
    assert parse(["--each"]).seconds == SECONDS_OF_EACH
    assert parse(["--each", "--seconds", "1"]).seconds == 1


def test_another_checkout_is_a_folder_with_a_benchmark(tmp_path: Path) -> None:
    root = Path(__file__).parents[3]
    assert parse(["--against", str(root)]).against == root
    with pytest.raises(SystemExit):
        parse(["--against", str(tmp_path)])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--without", "frogs"], "No part is called frogs"),
        (["--each", "--without", "fragments"], "one part off at a time"),
        (["--each", "--growth"], "not allowed with"),
    ],
)
def test_what_makes_no_sense_is_refused(arguments: list[str], message: str, capsys) -> None:
    with pytest.raises(SystemExit):
        parse(arguments)
    assert message in capsys.readouterr().err


def test_parts_are_measured_by_cases_that_exist() -> None:
    data = {"asked": 2, "topic": "/topics/a/"} | {
        f"{who}{name}": ["one"]
        for who in ("", "drawn_", "writing_", "examined_")
        for name in ("sessions", "attempts", "members")
    }
    assert tuple(case.name for case in each_cases(data, "site")) == EACH


def test_gains_are_shown_for_each_part_and_case(capsys) -> None:
    everything = [measured("question", 500, 10), measured("answer", 150, 40)]
    report_each(
        everything,
        {
            "fragments": [measured("question", 100, 20), measured("answer", 75, 80)],
            "markdown": [measured("question", 490, 10), measured("answer", 150, 40)],
        },
    )
    said = capsys.readouterr().out
    assert "| everything        | question" not in said
    assert "| without fragments | 100 (+400 %) | 75 (+100 %)" in said
    assert "| without fragments | 20.0 (+100 %) | 80.0 (+100 %) |" in said
    assert "Less than 10 % in every rate: markdown." in said


def test_checkouts_are_compared_case_by_case(capsys) -> None:
    report_against([measured("question", 500, 10), measured("new", 1, 1)], [measured("question", 400, 12)])
    _, line = capsys.readouterr().out.splitlines()
    assert line.split() == ["question", "400", "500", "1.25", "12.0", "10.0", "2.50", "2.00"]
