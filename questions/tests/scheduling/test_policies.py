"""What the policies promise of a day's order, whatever is remembered."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from questions.scheduling.memory import Memory
from questions.scheduling.policies import POLICIES, due_first, least_recently_seen, paced

BEGIN = date(2026, 3, 1)
DEADLINE = BEGIN + timedelta(days=30)


def memory(seen: int, stability: float = 5, due: int = 0) -> Memory:
    """Seen on that day of the preparation, due on another."""
    return Memory(stability, 5, BEGIN + timedelta(days=seen), BEGIN + timedelta(days=due), 2)


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[int], dict[int, Memory], date]:
    """What is new, what is known, and a day of the preparation."""
    day = draw(st.integers(0, 29))
    count = draw(st.integers(0, 12))
    known = {
        key: memory(draw(st.integers(0, day)), draw(st.floats(0.1, 300)), draw(st.integers(0, 60)))
        for key in range(100, 100 + count)
    }
    return list(range(draw(st.integers(0, 40)))), known, BEGIN + timedelta(days=day)


@given(situations())
def test_nothing_is_asked_twice_and_nothing_that_was_seen_today(situation) -> None:
    unseen, known, day = situation
    for policy in POLICIES.values():
        order = policy(unseen, known, day, BEGIN, DEADLINE)
        assert len(set(order)) == len(order)
        assert set(unseen) <= set(order) <= set(unseen) | {key for key in known if known[key].reviewed < day}


@given(st.integers(1, 400))
def test_all_that_is_new_comes_first_in_the_first_half(questions: int) -> None:
    unseen = list(range(questions))
    for number in range(15):
        day = BEGIN + timedelta(days=number)
        order = paced(unseen, {1000: memory(-1)}, day, BEGIN, DEADLINE)
        unseen = unseen[order.index(1000) :]
    assert unseen == []


def test_after_days_missed_the_share_grows() -> None:
    known = {1000: memory(-1)}
    shares = [
        paced(list(range(100)), known, BEGIN + timedelta(days=number), BEGIN, DEADLINE).index(1000)
        for number in (0, 5, 10, 14, 20)
    ]
    assert shares == [7, 10, 20, 100, 100]


def test_what_was_seen_long_ago_and_is_shaky_comes_first() -> None:
    known = {1: memory(9, 2), 2: memory(9, 200), 3: memory(1, 2), 4: memory(10, 0.2)}
    assert paced([], known, BEGIN + timedelta(days=10), BEGIN, DEADLINE) == [3, 1, 2]


def test_least_recently_seen_and_due_first_do_what_they_are_called() -> None:
    known = {1: memory(3, due=12), 2: memory(1, due=8), 3: memory(2, due=4)}
    day = BEGIN + timedelta(days=10)
    assert least_recently_seen([9], known, day, BEGIN, DEADLINE) == [9, 2, 3, 1]
    assert due_first([9], known, day, BEGIN, DEADLINE) == [3, 2, 9]
