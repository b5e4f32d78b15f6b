"""How much may be uploaded."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

MOST_BYTES = 25_000_000  # of a request; the forms have limits of their own below that


class BoundedUploadHandler(FileUploadHandler):
    """Keeps nothing of the files in a request that is larger than any form takes, so that nobody can fill the disk. The
    forms get an empty file that says how large it was, and tell."""

    length = 0

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        _stream, _headers, self.length, *_rest = args

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.length > MOST_BYTES:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None if self.length > MOST_BYTES else raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.length <= MOST_BYTES:
            return None
        return UploadedFile(BytesIO(), self.file_name, self.content_type, self.length, self.charset)
