"""Upload handler that limits the size of a request."""

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import FileUploadHandler, StopFutureHandlers

MAX_BYTES = 25_000_000  # of a request; the limits of the forms are lower


class BoundedUploadHandler(FileUploadHandler):
    """Upload handler that discards the files of a request above MAX_BYTES, so that nobody can fill the disk.

    The form then gets an empty file with the size of the request, and reports that the file is too large.
    """

    length = 0

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        _stream, _headers, self.length, *_rest = args

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.length > MAX_BYTES:
            raise StopFutureHandlers

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        return None if self.length > MAX_BYTES else raw_data

    def file_complete(self, file_size: int) -> UploadedFile | None:
        if self.length <= MAX_BYTES:
            return None
        return UploadedFile(BytesIO(), self.file_name, self.content_type, self.length, self.charset)
