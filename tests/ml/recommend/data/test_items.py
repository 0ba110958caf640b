"""Items by id, by name and by both."""

from ml.recommend.data.items import resolve
from ml.recommend.data.names import encode


def test_resolve_names_each_id_by_its_most_frequent_name_and_reports_the_others():
    ids = encode(["m1", "m1", "m1", "m2"])
    names = encode(["Muse", "Moose", "MUSE", "Air"])

    _, items = resolve(ids, names)

    assert items.ids.to_pylist() == ["m1", "m2"]
    assert items.names.to_pylist() == ["Muse", "Air"]
    assert items.renamed.n_names == 1
    assert items.renamed.shown[0].variants == {"Moose": 1}
    assert items.spellings.shown[0].variants == {"MUSE": 1}


def test_resolve_gives_rows_without_id_to_the_only_id_of_their_name():
    ids = encode(["m1", "", "m2", "m3", None, ""])
    names = encode(["Muse", "muse", "Air", "Air", "Air", "1975"])

    codes, items = resolve(ids, names)

    assert items.n_found_by_name == 1
    assert items.ids.to_pylist() == ["m1", "m2", "m3", "name:Air", "name:1975"]
    assert codes.tolist() == [0, 0, 1, 2, 3, 4]


def test_resolve_knows_no_item_in_a_row_without_id_and_name():
    codes, items = resolve(encode(["m1", ""]), encode(["", ""]))

    assert codes.tolist() == [0, -1]
    assert items.names.to_pylist() == ["m1"]  # an id without a name is its own name


def test_resolve_merges_names_that_are_their_own_ids():
    _, items = resolve(encode(["Muse", "MUSE", "Muse"]), None)

    assert items.ids.to_pylist() == items.names.to_pylist() == ["Muse"]
