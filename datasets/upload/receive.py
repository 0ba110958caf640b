"""Uploads: a file is received as a draft, previewed, and queued to be stored."""

from __future__ import annotations

import hashlib
import os
from dataclasses import asdict
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.core.files.base import File
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from background.queue import enqueue_once
from datasets import paths, tasks
from datasets.errors import UploadRefused
from datasets.models import Dataset, DatasetVersion, VersionState
from datasets.parsing.dialect import Dialect

if TYPE_CHECKING:  # DuckDB is heavy, and loaded once a file came
    from datasets.parsing.preview import TablePreview

CHUNK = 1024 * 1024
MAX_TRIES = 20  # to find a free slug while others look for one
RESERVED = frozenset({"upload"})  # slugs that would be the address of another page
REREADABLE = (VersionState.DRAFT, VersionState.FAILED)


def receive(
    owner: AbstractBaseUser,
    name: str,
    file: File,
    *,
    description: str = "",
    licence_note: str = "",
) -> DatasetVersion:
    """Keep a file as a draft: the next version of the owner's dataset of this name.

    Its kind and dialect are detected; `name` may be empty, then it is that of the file.
    Raises UploadRefused and NotATable; nothing is stored then.
    """
    from datasets.parsing.detect import detect

    file_name = base_name(file.name or "")
    paths.sweep_incoming()
    with paths.disk_full_as_no_room(), paths.working_folder() as folder:
        sent = folder / "original"
        _write(file, sent)
        detected = detect(sent, file_name)
        return create(
            owner,
            name,
            sent,
            description=description,
            licence_note=licence_note,
            file_name=file_name,
            kind=str(detected.kind),
            dialect=asdict(detected.dialect),
        )


def create(
    owner: AbstractBaseUser,
    name: str,
    sent: Path,
    *,
    description: str = "",
    licence_note: str = "",
    **columns: Any,
) -> DatasetVersion:
    """Create the next version of a dataset; `sent` becomes its original.

    Raises UploadRefused.
    """
    with sent.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    paths.sync(sent)
    with transaction.atomic():
        dataset = _dataset(owner, name.strip() or name_of(columns["file_name"]))
        _describe(dataset, description, licence_note)
        version = DatasetVersion.objects.create(
            dataset=dataset,
            number=_next_number(dataset),
            size_bytes=sent.stat().st_size,
            sha256=sha256,
            **columns,
        )
        paths.remove(version.folder)  # of a row that was rolled back
        version.folder.mkdir(parents=True)
        sent.rename(version.original)
    return version


def preview(
    version: DatasetVersion, dialect: Dialect | None = None, n: int = 20
) -> TablePreview:
    """Preview the first `n` rows, read as `dialect` or as detected; raises NotATable."""
    from datasets.parsing.preview import preview as preview_file

    dialect = dialect or Dialect.of(version.dialect)
    with paths.working_folder() as folder:
        sample = folder / "original"
        sample.symlink_to(version.original)
        return preview_file(sample, version.file_name, dialect, n)


def override(version: DatasetVersion, dialect: Dialect) -> None:
    """Change the dialect of a draft, or of a version that failed."""
    changed = DatasetVersion.objects.filter(pk=version.pk, state__in=REREADABLE).update(
        dialect=asdict(dialect), state=VersionState.DRAFT, problem=""
    )
    if not changed:
        raise UploadRefused("It is stored already, or about to be.")
    version.refresh_from_db()


def start(version: DatasetVersion, dialect: Dialect | None = None) -> None:
    """Queue a draft, or a version that failed, for the worker to store."""
    if dialect is not None:
        override(version, dialect)
    changed = DatasetVersion.objects.filter(pk=version.pk, state__in=REREADABLE).update(
        state=VersionState.WAITING, problem="", done=0
    )
    if changed:
        enqueue_once(tasks.store_version, version.pk)
    version.refresh_from_db()


def base_name(name: str) -> str:
    """The name that its owner gave a file, without folders, fit for a column."""
    name = PureWindowsPath(PurePosixPath(name.replace("\0", "")).name).name
    stem, dot, ending = name.partition(".")
    if len(name) > 255:  # the ending says what it is
        name = f"{stem[:200]}{dot}{ending[-50:]}"
    return name or "file"


def name_of(file_name: str) -> str:
    """What a dataset is called after a file: its name without the endings."""
    return file_name.partition(".")[0].strip()[:100] or "Dataset"


def _write(file: File, target: Path) -> None:
    if hasattr(file, "temporary_file_path"):  # an upload, which is on the disk
        file.flush()
        os.link(file.temporary_file_path(), target)
        return
    paths.check_room(file.size or 0)
    size = 0
    with target.open("wb") as out:
        for chunk in file.chunks(CHUNK):
            size += len(chunk)
            if size > settings.DATASET_UPLOAD_BYTES:
                most = settings.DATASET_UPLOAD_BYTES // 1_000_000
                raise UploadRefused(f"The file is larger than {most:,} MB.")
            out.write(chunk)


def _dataset(owner: AbstractBaseUser, name: str) -> Dataset:
    """The owner's dataset of this name, locked until the end of the transaction."""
    if len(name) > 100:
        raise UploadRefused("The name of a dataset has at most 100 characters.")
    own = Dataset.objects.select_for_update().filter(owner=owner, name=name)
    for _ in range(MAX_TRIES):
        if (dataset := own.first()) is not None:
            return dataset
        try:
            with transaction.atomic():
                return Dataset.objects.create(
                    owner=owner, name=name, slug=_free_slug(name)
                )
        except IntegrityError:  # somebody took the slug, or the name, just now
            continue
    raise UploadRefused("Many send files of this name just now: try again.")


def _free_slug(name: str) -> str:
    base = slugify(name)[:50].strip("-_") or "dataset"
    slugs = Dataset.objects.filter(slug__startswith=base)
    taken = RESERVED.union(slugs.values_list("slug", flat=True))
    slug, number = base, 1
    while slug in taken:
        number += 1
        slug = f"{base}-{number}"
    return slug


def _describe(dataset: Dataset, description: str, licence_note: str) -> None:
    dataset.description = description.strip() or dataset.description
    dataset.licence_note = licence_note.strip() or dataset.licence_note
    dataset.save(update_fields=["description", "licence_note"])


def _next_number(dataset: Dataset) -> int:
    last = dataset.versions.first()
    return last.number + 1 if last else 1
