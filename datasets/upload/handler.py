"""The upload handler: files go to the disk as they come, however small.

Never to memory: ten people may upload at once.
"""

import fcntl
from contextlib import suppress
from tempfile import NamedTemporaryFile
from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler

from datasets import paths
from datasets.errors import NoRoom

FIELDS_BYTES = 1_000_000  # of a form without its files
CHECK_EVERY = 16_000_000  # bytes: whether the disk has room for more


class IncomingFile(UploadedFile):
    """A file that lies in `incoming`, locked, until it is closed; a kill leaves it there."""

    def __init__(self, name: str, content_type: str, extra: dict[str, Any]) -> None:
        with paths.disk_full_as_no_room():
            file = NamedTemporaryFile(dir=paths.incoming(), prefix="upload-")  # noqa: SIM115
        fcntl.flock(file, fcntl.LOCK_EX)
        super().__init__(file, name, content_type, 0, None, extra)

    def temporary_file_path(self) -> str:
        return self.file.name

    def close(self) -> None:
        """Remove it; that a full disk did not take its last bytes does not matter."""
        with suppress(OSError):
            super().close()


class ToDisk(FileUploadHandler):
    """Write each file of a form to the disk; the whole request is bounded."""

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, *args: Any
    ) -> None:
        _check(content_length - FIELDS_BYTES)
        paths.incoming()
        paths.check_room(content_length)

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        extra = self.content_type_extra or {}
        self.file = IncomingFile(self.file_name, self.content_type, extra)
        self.size = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.size += len(raw_data)
        try:
            _check(self.size)
            if self.size // CHECK_EVERY > (self.size - len(raw_data)) // CHECK_EVERY:
                paths.check_room()
            with paths.disk_full_as_no_room():
                self.file.write(raw_data)
        except (RequestDataTooBig, NoRoom):
            self.file.close()
            raise

    def file_complete(self, file_size: int) -> IncomingFile:
        with paths.disk_full_as_no_room():
            self.file.seek(0)  # it writes what is still in memory
        self.file.size = file_size
        return self.file

    def upload_interrupted(self) -> None:
        if file := getattr(self, "file", None):
            file.close()


def _check(size: int) -> None:
    if size > settings.DATASET_UPLOAD_BYTES:
        most = settings.DATASET_UPLOAD_BYTES // 1_000_000
        raise RequestDataTooBig(f"More than {most:,} MB are uploaded at once.")
