import pytest

from music_selector import request_ids


@pytest.mark.parametrize("asked", ["7", "a-B_c.9", "f" * 64])
def test_begin_takes_a_well_formed_name(asked):
    assert request_ids.begin(asked) == asked
    assert request_ids.current() == asked


@pytest.mark.parametrize("asked", ["", "f" * 65, "a b", "a\nb", "a,b", "é", "<b>", '"'])
def test_begin_makes_a_name_where_none_is_well_formed(asked):
    made = request_ids.begin(asked)
    assert made != asked
    assert request_ids.WELL_FORMED.fullmatch(made)
    assert request_ids.begin(asked) != made
