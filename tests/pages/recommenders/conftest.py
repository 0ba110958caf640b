"""What the tests of recommenders share."""

from tests.recommenders.fixtures import (  # noqa: F401
    data_dir,
    live,
    make_recommender,
    owner,
    shelf,
    trained,
)
