"""What the tests of recommenders share."""

from tests.recommenders.fixtures import (  # noqa: F401
    data_dir,
    make_recommender,
    opened,
    owner,
    shelf,
    trained,
)
