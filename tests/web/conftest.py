"""A trained recommender, whose files /health/ looks for."""

from tests.recommenders.fixtures import (  # noqa: F401
    data_dir,
    make_recommender,
    owner,
    shelf,
    trained,
)
