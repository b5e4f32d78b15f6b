"""Order of new questions from several topics."""

from hypothesis import given
from hypothesis import strategies as st

from questions.scheduling.new_question_order import favour_unknown, interleave_topics

topics = st.dictionaries(st.sampled_from("abcdef"), st.integers(0, 12)).map(
    lambda sizes: {
        name: list(range(1000 * place, 1000 * place + size)) for place, (name, size) in enumerate(sizes.items())
    }
)
weights = st.dictionaries(st.sampled_from("abcdef"), st.sampled_from([0.5, 1.0, 2.0]))


@given(topics, weights)
def test_every_question_comes_once_and_each_topic_keeps_its_order(topics, weights) -> None:
    order = interleave_topics(topics, weights)
    assert sorted(order) == sorted(key for keys in topics.values() for key in keys)
    for keys in topics.values():
        assert [key for key in order if key in set(keys)] == keys


def test_topics_of_equal_weight_alternate_by_size() -> None:
    assert interleave_topics({"a": [1, 2], "b": [3, 4]}, {}) == [1, 3, 2, 4]
    assert interleave_topics({"a": [1], "b": [2, 3, 4]}, {}) == [2, 1, 3, 4]


def test_a_topic_of_double_weight_is_finished_halfway() -> None:
    order = interleave_topics({"a": list(range(10)), "b": list(range(100, 110))}, {"b": 2.0})
    assert set(range(100, 110)) <= set(order[:16])
    assert order[0] == 100


@given(weights, st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1)))
def test_known_topics_lose_weight_and_others_keep_it(weights, known) -> None:
    favoured = favour_unknown(weights, known)
    assert favoured.keys() == weights.keys()
    for topic, weight in weights.items():
        assert 0 < favoured[topic] <= weight
        assert topic in known or favoured[topic] == weight


def test_what_is_known_comes_last_and_is_not_left_out() -> None:
    topics = {"known": [1, 2, 3], "unknown": [4, 5, 6]}
    order = interleave_topics(topics, favour_unknown({"known": 1.0, "unknown": 1.0}, {"known": 1.0, "unknown": 0.1}))
    assert order == [4, 5, 6, 1, 2, 3]
