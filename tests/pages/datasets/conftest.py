"""What the tests of datasets share."""

from tests.datasets.conftest import ann, data_dir, receive, stored  # noqa: F401
