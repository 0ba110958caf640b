import pytest

from datasets import exploring
from datasets.exploring import BadQuestion, Filter


@pytest.fixture
def numbers(stored):
    """A hundred rows: n counts up from 0, odd says whether it is odd."""
    lines = [f"{n},{'odd' if n % 2 else ''}" for n in range(100)]
    return stored(("n,odd\n" + "\n".join(lines) + "\n").encode(), name="Numbers")


def test_first_and_last(numbers):
    assert exploring.first(numbers, 2).rows == [(0, None), (1, "odd")]
    assert exploring.last(numbers, 2).rows == [(98, None), (99, "odd")]


def test_random_is_the_same_for_a_seed(numbers):
    again = exploring.random(numbers, 5, seed=1)

    assert exploring.random(numbers, 5, seed=1) == again
    assert [row[0] for row in again.rows] == again.numbers


def test_page_sorts_and_filters(numbers):
    odd = [Filter("odd", "is", "odd"), Filter("n", "at_most", "50")]

    found = exploring.page(
        numbers, columns=["n"], limit=3, sort="n", descending=True, filters=odd
    )

    assert found.rows == [(49,), (47,), (45,)]
    assert found.numbers == [49, 47, 45]
    assert found.total == 25


@pytest.mark.parametrize(
    "question",
    [
        {"columns": ["x"]},
        {"sort": "x"},
        {"filters": [Filter("n", "at_least", "many")]},
        {"filters": [Filter("n", "LIKE", "1")]},
        {"offset": -1},
        {"limit": 1001},
    ],
)
def test_page_refuses(numbers, question):
    with pytest.raises(BadQuestion):
        exploring.page(numbers, **question)
