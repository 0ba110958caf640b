"""How a recommender is trained: roles of columns, preparation, algorithm, presets."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from datasets.errors import FilesGone
from datasets.models import Dataset
from datasets.rows import profiles
from ml.recommend.algorithms.registry import (
    UnknownAlgorithm,
    find_algorithm,
    list_available,
)
from ml.recommend.data.preparation import Preparation
from ml.recommend.interface import BadSetting

LARGEST_MINIMUM = 1_000_000
MINIMUMS = (
    "min_per_who",
    "min_per_what",
    "min_rows_per_who",
    "min_rows_per_what",
)


class BadConfig(Exception):
    """A recommender cannot learn so; `problems` says what is wrong, by field."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        self.problems = dict(problems)
        super().__init__("; ".join(self.problems.values()))


@dataclass(frozen=True, slots=True)
class Roles:
    """Which column says what; "" where none does."""

    who: str
    what: str
    how_much: str = ""
    name_column: str = ""
    when: str = ""


@dataclass(frozen=True, slots=True)
class TrainingConfig:
    """All that a person chooses, and a version is trained by."""

    roles: Roles
    algorithm: str = "bm25"
    settings: Mapping[str, float | str] = field(default_factory=dict)
    preparation: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, recipe: Mapping[str, Any]) -> "TrainingConfig":
        """What `Recommender.recipe` wrote."""
        return cls(**{**recipe, "roles": Roles(**recipe["roles"])})


@dataclass(frozen=True, slots=True)
class Preset:
    """Choices that go well together, under a name for people."""

    summary: str
    algorithm: str
    settings: Mapping[str, float | str] = field(default_factory=dict)
    preparation: Mapping[str, Any] = field(default_factory=dict)


PRESETS = {
    "best": Preset(
        "Shared listeners and hidden tastes together: the best figures, some patience.",
        "blend",
        preparation={"min_per_what": 2},
    ),
    "similar-items": Preset(
        "Items liked by the same people, rare ones weighing more. Fast, and hard to beat.",
        "bm25",
        preparation={"min_per_what": 2},
    ),
    "large-table": Preset(
        "For millions of rows: the cosine of listeners, artists with five or more.",
        "cosine",
        preparation={"min_per_what": 5},
    ),
    "reports-2021": Preset(
        "The values of the 2021 reports: WARP in 30 dimensions, items with 50 rows.",
        "warp",
        settings={"no_components": 30, "k": 15, "epochs": 30, "max_sampled": 10},
        preparation={"min_rows_per_what": 50},
    ),
}


def check(config: TrainingConfig, dataset: Dataset) -> None:
    """Raise BadConfig unless a version of this dataset could be trained so."""
    problems = _role_problems(config.roles, dataset)
    if wrong := _preparation_problem(config.preparation):
        problems["preparation"] = wrong
    try:
        find_algorithm(config.algorithm).complete_settings(config.settings)
    except UnknownAlgorithm as exc:
        problems["algorithm"] = str(exc)
    except BadSetting as exc:
        problems["settings"] = str(exc)
    else:
        if config.algorithm not in list_available():
            problems["algorithm"] = f"“{config.algorithm}” is not installed here."
    if problems:
        raise BadConfig(problems)


def presets() -> dict[str, Preset]:
    """Those whose algorithm is there."""
    return {
        name: preset
        for name, preset in PRESETS.items()
        if preset.algorithm in list_available()
    }


def preparation_of(chosen: Mapping[str, Any]) -> Preparation:
    return Preparation(**chosen)


def _role_problems(roles: Roles, dataset: Dataset) -> dict[str, str]:
    version = dataset.current
    if version is None:
        return {"dataset": "The dataset has no rows yet: wait until it is stored."}
    try:
        known = {*profiles.names(version)}
    except FilesGone as exc:
        return {"dataset": str(exc)}
    problems, taken = {}, {}
    for role, column in asdict(roles).items():
        if not column:
            if role in ("who", "what"):
                problems[role] = f"Say which column is “{role}”."
        elif column not in known:
            problems[role] = f"The dataset has no column “{column}”."
        elif column in taken:
            problems[role] = f"“{column}” is “{taken[column]}” already."
        else:
            taken[column] = role
    return problems


def _preparation_problem(chosen: Mapping[str, Any]) -> str:
    kinds = {known.name: known.default for known in fields(Preparation)}
    for name, value in chosen.items():
        if name not in kinds:
            return f"There is no preparation “{name}”; there is: {', '.join(kinds)}."
        if name in MINIMUMS and not _is_minimum(value):
            return f"{name} is a whole number from 1 to {LARGEST_MINIMUM:,}."
        if name == "merge_who" and not isinstance(value, bool):
            return "merge_who is true or false."
        if name in ("at_least", "below") and not _is_number(value):
            return f"{name} is a number."
    return ""


def _is_minimum(value: Any) -> bool:
    return type(value) is int and 1 <= value <= LARGEST_MINIMUM


def _is_number(value: Any) -> bool:
    return value is None or (type(value) in (int, float) and abs(value) < 1e18)
