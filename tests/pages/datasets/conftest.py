"""What the tests of datasets share."""

from tests.datasets.conftest import ann, data_dir, make_draft, stored  # noqa: F401
