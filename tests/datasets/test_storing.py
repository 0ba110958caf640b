from datasets.models import DatasetVersion


def test_store_makes_a_typed_table_of_a_csv(stored):
    version = stored()

    assert (version.state, version.problem) == (DatasetVersion.State.READY, "")
    assert (version.n_rows, version.n_columns) == (3, 3)
    assert [column["type"] for column in version.columns] == ["text", "text", "integer"]
    assert version.table.exists()
    assert version.dataset.current == version
