import pytest

from web import request_id


@pytest.mark.parametrize("asked", ["7", "a-B_c.9", "f" * 64])
def test_begin_takes_a_well_formed_name(asked):
    assert request_id.begin(asked) == asked
    assert request_id.current() == asked


@pytest.mark.parametrize("asked", ["", "f" * 65, "a b", "a\nb", "a,b", "é", "<b>", '"'])
def test_begin_makes_a_name_where_none_is_well_formed(asked):
    made = request_id.begin(asked)
    assert made != asked
    assert request_id.WELL_FORMED.fullmatch(made)
    assert request_id.begin(asked) != made
