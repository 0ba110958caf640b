import pytest

from datasets.errors import UploadRefused
from datasets.storage import delete


def test_a_version_that_something_learned_from_stays(trained):
    version = trained.dataset.current
    with pytest.raises(UploadRefused, match="has learnt from this version"):
        delete.delete_version(version)

    assert version.table.exists()


def test_a_dataset_of_a_recommender_stays_without_versions(make_recommender):
    dataset = make_recommender().dataset
    delete.delete_version(dataset.current)

    dataset.refresh_from_db()
    assert dataset.current is None
