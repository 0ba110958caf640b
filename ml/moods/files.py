"""Mood models as bytes and back, each under a manifest.

The bytes are a joblib file of strings, numbers and bytes only. They are read with an
unpickler that knows no class at all, and only after their digest was found right: a
file from elsewhere is never executed.
"""

import hashlib
import io
import json
import os
import pickle
import tempfile
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import joblib
import numpy as np
from numpy.typing import NDArray

from ml.moods import shipped
from ml.moods.predict import NEVER_SURE, RECIPES, MoodModel, TrainingRecord

LIBRARIES = ("scikit-learn", "numpy", "scipy", "nltk", "joblib")
SHIPPED_MODEL = Path(shipped.__file__).with_name("mood.joblib")
SHIPPED_MANIFEST = Path(shipped.__file__).with_name("mood.json")


class ModelFileError(Exception):
    """Base of this module: the bytes given are no model that may be used."""


class ModelFileMissing(ModelFileError):
    """There is no such file. Install again, or train a model."""


class WrongDigest(ModelFileError):
    """The bytes are not those the manifest was written for; they were not read."""


class OtherLibraryVersion(ModelFileError):
    """The model was trained with another scikit-learn minor version. Train again."""


class UnreadableModel(ModelFileError):
    """The digest is right, but the bytes or the manifest are no model of ours."""


@dataclass(frozen=True)
class Manifest:
    """What is known about a model without opening it."""

    recipe: str
    created: str  # ISO 8601, UTC
    seed: int
    n_per_mood: dict[str, int]
    data_digest: str  # SHA-256 of the training rows
    libraries: dict[str, str]  # name: version
    metrics: dict[str, Any]  # beside the majority class; {} when not evaluated
    sha256: str  # of the model's bytes
    n_bytes: int

    def to_dict(self) -> dict[str, Any]:
        """Return the manifest as JSON-able values."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> "Manifest":
        """Read a manifest back; raises UnreadableModel if a field is missing."""
        missing = [field.name for field in fields(cls) if field.name not in values]
        if missing:
            raise UnreadableModel(f"the manifest lacks {', '.join(missing)}")
        return cls(**{field.name: values[field.name] for field in fields(cls)})


@dataclass(frozen=True)
class ModelFile:
    """A model's bytes and their manifest, to be stored together."""

    data: bytes
    manifest: Manifest


def dump(
    model: MoodModel,
    *,
    metrics: dict[str, Any] | None = None,
    created: datetime | None = None,
) -> ModelFile:
    """Turn a model into bytes and a manifest.

    Parameters
    ----------
    model : MoodModel
    metrics : dict, optional
        ``Evaluation.to_dict()`` of the same recipe on the same rows.
    created : timezone-aware datetime, optional
        Now, unless given.

    Returns
    -------
    ModelFile
        The same model gives the same bytes with the same library versions.
    """
    buffer = io.BytesIO()
    joblib.dump(
        {
            "recipe": model.recipe,
            "training": asdict(model.training),
            "sure_from": model.sure_from,
            "parameters": {k: _pack(v) for k, v in model.parameters.items()},
        },
        buffer,
    )
    data = buffer.getvalue()
    manifest = Manifest(
        recipe=model.recipe,
        created=(created or datetime.now(UTC)).isoformat(timespec="seconds"),
        seed=model.training.seed,
        n_per_mood=model.training.n_per_mood,
        data_digest=model.training.data_digest,
        libraries={name: version(name) for name in LIBRARIES},
        metrics=metrics or {},
        sha256=hashlib.sha256(data).hexdigest(),
        n_bytes=len(data),
    )
    return ModelFile(data, manifest)


def load(data: bytes, manifest: Manifest) -> MoodModel:
    """Turn bytes back into a model, if they are those of the manifest.

    Parameters
    ----------
    data : bytes
    manifest : Manifest
        From a source that is trusted: the database's row, the project's source.

    Returns
    -------
    MoodModel
        Its predictions are identical to those of the model that was dumped.

    Raises
    ------
    WrongDigest
        Before anything is read of `data`.
    OtherLibraryVersion
        If scikit-learn's major or minor version differs from the manifest's.
    UnreadableModel
        If the digest is right and `data` is no model of ours all the same.
    """
    digest = hashlib.sha256(data).hexdigest()
    if digest != manifest.sha256:
        raise WrongDigest(f"SHA-256 {digest} is not {manifest.sha256} of the manifest")
    _check_library_version(manifest)
    try:
        content = _PlainUnpickler(io.BytesIO(data)).load()
        parameters = {k: _unpack(v) for k, v in content["parameters"].items()}
        model = MoodModel(
            content["recipe"],
            parameters,
            TrainingRecord(**content["training"]),
            content.get("sure_from", NEVER_SURE),  # older versions had no threshold
        )
    # The pickle module documents that a bad stream may raise any exception.
    except Exception as exc:
        raise UnreadableModel(f"not a model file: {exc}") from exc
    if model.recipe not in RECIPES:
        raise UnreadableModel(f"the model's recipe {model.recipe!r} is not known here")
    return model


def save_file(path: Path, data: bytes) -> None:
    """Write bytes under a name at once: a reader sees the old file or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as temporary:
        try:
            temporary.write(data)
            temporary.flush()
            os.fsync(temporary.fileno())
            os.chmod(temporary.name, 0o644)
            os.replace(temporary.name, path)
        except BaseException:
            os.unlink(temporary.name)
            raise


def load_file(path: Path, manifest: Manifest) -> MoodModel:
    """Load a model from a file; raises ModelFileMissing, and what `load` raises."""
    return load(_read(path), manifest)


def read_shipped_manifest() -> Manifest:
    """Read the manifest of the model that ships with the project.

    Raises
    ------
    ModelFileMissing, UnreadableModel
    WrongDigest
        If it speaks of other bytes than the digest in `ml.moods.shipped`.
    """
    text = _read(SHIPPED_MANIFEST)
    try:
        manifest = Manifest.from_dict(json.loads(text))
    except (ValueError, TypeError) as exc:
        raise UnreadableModel(f"{SHIPPED_MANIFEST}: {exc}") from exc
    if manifest.sha256 != shipped.SHA256:
        raise WrongDigest(f"{SHIPPED_MANIFEST} is not of the model in the source")
    return manifest


def load_shipped() -> MoodModel:
    """Load the model that ships with the project, checked against the source's digest.

    Raises
    ------
    ModelFileError
        One of its subclasses, as `load`.
    """
    return load_file(SHIPPED_MODEL, read_shipped_manifest())


class _PlainUnpickler(pickle.Unpickler):
    """Reads strings, numbers, bytes, lists and dicts; refuses every class."""

    def find_class(self, module_name: str, global_name: str) -> Any:
        raise pickle.UnpicklingError(f"it names {module_name}.{global_name}")


def _pack(array: NDArray[Any]) -> dict[str, Any]:
    return {
        "dtype": array.dtype.str,
        "shape": list(array.shape),
        "data": array.tobytes(),
    }


def _unpack(packed: dict[str, Any]) -> NDArray[Any]:
    return np.frombuffer(packed["data"], packed["dtype"]).reshape(packed["shape"])


def _check_library_version(manifest: Manifest) -> None:
    trained = manifest.libraries.get("scikit-learn", "unknown")
    installed = version("scikit-learn")
    if trained.split(".")[:2] != installed.split(".")[:2]:
        raise OtherLibraryVersion(
            f"trained with scikit-learn {trained}, installed is {installed}; "
            "train the model again"
        )


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except FileNotFoundError as exc:
        raise ModelFileMissing(f"{path} is missing") from exc
