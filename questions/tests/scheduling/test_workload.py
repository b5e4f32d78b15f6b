"""Session size and order, forecast of the days ahead, and the check whether the time is enough."""

from collections import Counter
from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from questions.scheduling.day_ahead import DayAhead
from questions.scheduling.fsrs_memory import Memory, recall
from questions.scheduling.question_order import Situation, paced
from questions.scheduling.study_day import Calendar
from questions.scheduling.workload import (
    Costs,
    Fit,
    TopicLoad,
    costs_from,
    fill_session,
    fit,
    forecast_until_deadline,
    interleave,
    reviews_needed,
)

BEGIN = date(2026, 3, 2)  # a Monday
CALENDAR = Calendar(BEGIN, BEGIN + timedelta(days=30))
DEFAULTS = Costs()
seconds = st.floats(0, 600)
gaps = st.lists(st.tuples(st.sampled_from(["new", "right", "wrong"]), st.floats(0, 5000)))


def known(*keys: int, stability: float = 5, seen: int = 3) -> dict[int, Memory]:
    """Return memories of questions that were reviewed that many days before BEGIN."""
    return {key: Memory(stability, 5, BEGIN - timedelta(days=seen), BEGIN, 2) for key in keys}


class TestCosts:
    def test_the_cost_of_a_review_is_the_expected_value(self) -> None:
        assert [DEFAULTS.review(share) for share in (0, 0.8, 1)] == [45, 25, 20]

    def test_own_times_gain_weight_with_every_answer(self) -> None:
        assert costs_from([]) == DEFAULTS
        assert costs_from([("right", 80.0)] * 20) == Costs(new=60, right=50, wrong=45)
        assert costs_from([("right", 80.0)] * 2000).right == pytest.approx(80, abs=1)

    def test_breaks_are_not_counted(self) -> None:
        assert costs_from([("new", 601.0), ("wrong", 90_000.0)]) == DEFAULTS
        assert costs_from([("new", 600.0)]).new > DEFAULTS.new

    @given(gaps)
    def test_costs_stay_between_the_defaults_and_the_measured_times(self, gaps) -> None:
        own = costs_from(gaps)
        for kind in ("new", "right", "wrong"):
            measured = [gap for name, gap in gaps if name == kind and gap <= 600] + [getattr(DEFAULTS, kind)]
            assert min(measured) - 1e-9 <= getattr(own, kind) <= max(measured) + 1e-9


class TestFillSession:
    def pick(self, order, seconds: float, unseen=(), memories=None, costs: Costs = DEFAULTS) -> list[int]:
        return fill_session(order, unseen=unseen, known=memories or {}, day=BEGIN, costs=costs, seconds=seconds)

    def test_questions_are_taken_in_order_while_they_fit(self) -> None:
        assert self.pick([1, 2, 3], 120, unseen={1, 2, 3}) == [1, 2]
        assert self.pick([1, 2, 3], 119, unseen={1, 2, 3}) == [1]

    def test_an_uncertain_review_takes_longer(self) -> None:
        memories = known(1, stability=0.01) | known(2, stability=500)
        first, second = (DEFAULTS.review(recall(memories[key], BEGIN)) for key in (1, 2))
        assert first > second
        assert self.pick([1, 2], first + second, memories=memories) == [1, 2]
        assert self.pick([1, 2], 2 * second, memories=memories) == [1]

    def test_there_is_at_least_one_question_if_there_is_time(self) -> None:
        assert self.pick([1, 2], 0.5, unseen={1, 2}) == [1]
        assert self.pick([1, 2], 0, unseen={1, 2}) == self.pick([1, 2], -5, unseen={1, 2}) == []
        assert self.pick([], 60) == []

    @given(st.permutations(range(12)), seconds, seconds)
    def test_more_time_never_removes_a_question(self, order, less: float, more: float) -> None:
        less, more = sorted((less, more))
        unseen, memories = set(range(6)), known(*range(6, 12))
        few, many = (self.pick(order, time, unseen, memories) for time in (less, more))
        assert few == many[: len(few)] == order[: len(few)]


class TestInterleave:
    @given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=25))
    def test_neighbours_of_one_group_are_minimal(self, questions) -> None:
        keys = list(range(len(questions)))
        group = {key: questions[key][0] for key in keys}
        unseen = {key for key in keys if questions[key][1]}
        order = interleave(keys, group=group, unseen=unseen)
        assert sorted(order) == keys
        most = max(Counter(group.values()).values(), default=0)
        neighbours = sum(group[one] == group[other] for one, other in pairwise(order))
        assert neighbours == max(0, 2 * most - len(keys) - 1)

    @given(st.integers(0, 20), st.integers(0, 20))
    def test_new_questions_are_spread_evenly(self, new: int, reviews: int) -> None:
        keys = list(range(new + reviews))
        order = interleave(keys, group={key: key for key in keys}, unseen=range(new))
        for place in range(len(keys)):
            met = sum(key < new for key in order[: place + 1])
            assert abs(met - new * (place + 1) / len(keys)) <= 1

    def test_the_given_order_is_kept_where_possible(self) -> None:
        order = interleave([1, 2, 3, 4, 5, 6], group=dict.fromkeys(range(7), "a"), unseen={1, 2})
        assert order == [3, 1, 4, 5, 2, 6]


class TestForecast:
    def ahead(self, calendar: Calendar = CALENDAR, day: date = BEGIN, unseen: int = 100, minutes: float = 20, **rest):
        arguments = {"known": 0, "costs": DEFAULTS} | rest
        return forecast_until_deadline(calendar=calendar, day=day, unseen=unseen, minutes=minutes, **arguments)

    def test_a_day_has_new_questions_then_reviews_then_more_new_questions(self) -> None:
        situation = Situation(range(100), known(1000), BEGIN, CALENDAR)
        first = self.ahead(known=10)[0]
        assert paced(situation).index(1000) == 6
        assert (first.new, first.reviews, first.minutes) == (15, 10, pytest.approx(19 + 1 / 6))
        assert [(day.new, day.reviews) for day in self.ahead(minutes=6, known=10)][:2] == [(6, 0), (6, 0)]

    def test_days_off_are_empty_and_the_other_days_take_over(self) -> None:
        calendar = Calendar(BEGIN, BEGIN + timedelta(days=14), weekdays_off=frozenset({5, 6}))
        days = self.ahead(calendar, unseen=60, minutes=10)
        assert [day.off for day in days] == [False] * 5 + [True] * 2 + [False] * 5 + [True] * 2
        assert [day.new for day in days] == [10] * 5 + [0, 0] + [10] + [0] * 6
        assert all(day.new == day.reviews == day.minutes == 0 for day in days if day.off)

    def test_the_time_left_today_applies_only_to_today(self) -> None:
        first, second, *_ = self.ahead(spent=19 * 60)
        assert (first.new, second.new + second.reviews) == (1, 20)
        assert self.ahead(spent=2000, known=9)[0].minutes == 0

    def test_a_given_session_is_the_first_day(self) -> None:
        session = DayAhead(BEGIN, 3, 4, off=False, minutes=5)
        first, second, *_ = self.ahead(today=session, unseen=5, known=4)
        assert first == session
        assert second.new == 2 and second.reviews == 7

    def test_a_day_with_too_little_time_has_one_question_like_a_session(self) -> None:
        assert [(day.new, day.reviews) for day in self.ahead(minutes=0.3, unseen=1)[:3]] == [(1, 0), (0, 1), (0, 1)]
        assert all(day.questions == 0 for day in self.ahead(minutes=0))

    def test_whole_minutes_are_at_least_one_if_there_is_a_question(self) -> None:
        minutes = [DayAhead(BEGIN, new, 0, off=False, minutes=new / 3).whole_minutes for new in (0, 1, 6)]
        assert minutes == [0, 1, 2]

    @given(
        st.integers(0, 400), st.integers(0, 400), st.floats(0, 90), st.integers(0, 45), st.frozensets(st.integers(0, 6))
    )
    def test_no_day_exceeds_its_time_and_no_question_is_new_twice(
        self, unseen, seen, minutes, number, weekdays_off
    ) -> None:
        calendar = Calendar(BEGIN, CALENDAR.deadline, weekdays_off)
        days = self.ahead(calendar, BEGIN + timedelta(days=number), unseen, minutes, known=seen)
        assert sum(day.new for day in days) <= unseen
        for before, day in enumerate(days):
            assert day.new >= 0 and 0 <= day.reviews <= seen + sum(past.new for past in days[:before])
            assert 0 <= day.minutes <= minutes + 1e-9 or day.questions == 1
            assert day.off is not calendar.is_study_day(day.day)

    @given(st.integers(1, 300))
    def test_everything_is_seen_if_there_is_time(self, unseen: int) -> None:
        minutes = -(-unseen // 18)  # a minute each, in the first 18 of 30 days
        assert sum(day.new for day in self.ahead(unseen=unseen, minutes=minutes)) == unseen


loads = st.lists(
    st.builds(TopicLoad, st.uuids(), st.sampled_from([0.5, 1, 1, 2, 5]), st.integers(0, 80), st.integers(0, 80)),
    max_size=6,
)


class TestFit:
    def check(self, topics, minutes: float, calendar: Calendar = CALENDAR, day: date = BEGIN) -> Fit:
        return fit(topics, calendar=calendar, day=day, minutes=minutes, costs=DEFAULTS)

    def test_too_little_time_comes_with_advice(self) -> None:
        each = 60 + reviews_needed(30) * 25  # seconds: 126
        topics = [TopicLoad("a", 2, 100, 0), TopicLoad("b", 0.5, 100, 0), TopicLoad("c", 1, 100, 0)]
        check = self.check(topics, minutes=16)
        assert int(30 * 16 * 60 / each) == 228
        assert check == Fit(questions=300, fits=300, enough=False, minutes_more=6, drop=("b",))
        assert self.check(topics, minutes=8).drop == ("b", "c")
        assert self.check(topics, minutes=6).drop == ()  # even the topic that counts most is too much
        assert self.check(topics, minutes=22) == Fit(300, 300, True, 0, ())

    def test_known_questions_take_less_time(self) -> None:
        new, old = ([TopicLoad("a", 1, *counts)] for counts in ((100, 0), (0, 100)))
        assert self.check(old, minutes=4).minutes_more < self.check(new, minutes=4).minutes_more

    def test_more_days_need_more_reviews_and_the_last_day_none_for_new_questions(self) -> None:
        assert reviews_needed(7) < reviews_needed(30) < reviews_needed(90)
        eve = BEGIN + timedelta(days=29)
        assert self.check([TopicLoad("a", 1, 10, 0)], minutes=10, day=eve) == Fit(10, 10, True, 0, ())

    def test_without_days_nothing_new_fits_and_without_a_deadline_everything_does(self) -> None:
        topics = [TopicLoad("a", 1, 10, 10)]
        assert self.check(topics, 600, day=BEGIN + timedelta(days=30)) == Fit(20, 10, False, 0, ())
        every_day_off = Calendar(BEGIN, CALENDAR.deadline, frozenset(range(7)))
        assert self.check(topics, 600, every_day_off) == Fit(20, 10, False, 0, ())
        assert self.check(topics, 1, Calendar(BEGIN)) == Fit(20, 20, True, 0, ())
        assert self.check([], 0).enough

    @given(loads, st.integers(0, 60), st.integers(0, 29))
    def test_the_advice_is_sufficient_and_minimal(self, topics, minutes: int, number: int) -> None:
        day = BEGIN + timedelta(days=number)
        check = self.check(topics, minutes, day=day)
        assert check.enough is (not check.minutes_more)
        assert not (check.enough and check.drop)
        assert self.check(topics, minutes + check.minutes_more, day=day).enough
        if not check.enough:
            assert not self.check(topics, minutes + check.minutes_more - 1, day=day).enough
        if check.drop:
            assert self.check([topic for topic in topics if topic.key not in check.drop], minutes, day=day).enough
            last = next(topic.weight for topic in topics if topic.key == check.drop[-1])
            kept = [topic for topic in topics if topic.key not in check.drop or topic.weight == last]
            assert not self.check(kept, minutes, day=day).enough

    @given(loads, st.integers(0, 60), st.integers(0, 29), st.floats(0, 2000))
    def test_what_fits_is_what_the_forecast_contains(self, topics, minutes: int, number: int, spent: float) -> None:
        day = BEGIN + timedelta(days=number)
        unseen, seen = (sum(getattr(topic, name) for topic in topics) for name in ("unseen", "known"))
        plan = {"calendar": CALENDAR, "day": day, "minutes": minutes, "costs": DEFAULTS, "spent": spent}
        rows = forecast_until_deadline(unseen=unseen, known=seen, **plan)
        check = fit(topics, **plan)
        assert check.questions == seen + unseen
        assert check.fits == seen + sum(row.new for row in rows)
        if check.enough:
            assert check.fits == check.questions

    def test_no_advice_if_the_day_is_too_short_for_it(self) -> None:
        eve = BEGIN + timedelta(days=29)
        check = fit([TopicLoad("a", 1, 100, 0)], calendar=CALENDAR, day=eve, minutes=10, costs=DEFAULTS, max_minutes=90)
        assert (check.fits, check.enough, check.minutes_more) == (10, False, 0)

    @given(loads, st.integers(1, 60))
    def test_topics_of_one_weight_are_dropped_together_and_the_greatest_never(self, topics, minutes: int) -> None:
        weights = {topic.key: topic.weight for topic in topics if topic.unseen + topic.known}
        drop = self.check(topics, minutes).drop
        dropped, kept = [weights[key] for key in drop], [weights[key] for key in weights if key not in drop]
        assert dropped == sorted(dropped)
        assert not dropped or max(dropped) < min(kept)
