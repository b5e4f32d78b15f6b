"""From the bytes of a file to what it holds. The file is somebody's own and not trusted: it is measured before it is
unpacked, and every field is looked at."""

import io
import json
import zipfile
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from questions.personal_data import schema
from questions.personal_data.schema_fields import Misfit

MOST_BYTES = 20_000_000
MOST_VALUES = 3_000_000  # of which each takes some sixty bytes of memory, whatever its length in the file
MOST_MEMBERS = 100
DATA = "data.json"
ZIP, ZIP_MEMBER = b"PK\x03\x04", b"PK\x01\x02"
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class Unreadable(ValueError):
    """Nothing can be brought from the file; the message says why, and where in the file."""


def read(content: bytes) -> dict[str, Any]:
    """What the file holds, as `schema.document` gives it; takes data.json or the ZIP with it. Raises Unreadable."""
    if len(content) > MOST_BYTES:
        raise Unreadable(too_large())
    found = _parsed(_unpacked(content) if content.startswith(ZIP) else content)
    if not isinstance(found, dict) or "format" not in found:
        raise Unreadable(_("This file was not downloaded from “Your data”: “format” is missing. Choose another file."))
    if found["format"] != schema.FORMAT:
        raise Unreadable(_("The file is not in the format “%s”, the only format this site can import.") % schema.FORMAT)
    try:
        return schema.document(found)
    except Misfit as problem:
        raise Unreadable(str(problem)) from None


def too_large() -> str:
    """What to say of a file that is larger than can be read."""
    return _("The file is too large. The limit is %d MB.") % (MOST_BYTES // 1_000_000)


def _unpacked(content: bytes) -> bytes:
    """The data.json of a ZIP; what it says of its own size is as far as it is read. Raises Unreadable."""
    if content.count(ZIP_MEMBER) > MOST_MEMBERS:
        raise Unreadable(
            _("The ZIP file contains too many files. Choose the ZIP file you downloaded from “Your data”.")
        )
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            member = archive.getinfo(DATA)
            if member.file_size > MOST_BYTES or member.compress_type not in METHODS:
                raise Unreadable(too_large())
            return archive.read(member)
    except KeyError:
        raise Unreadable(
            _("The ZIP file does not contain %s. Choose the ZIP file you downloaded from “Your data”.") % DATA
        ) from None
    except Unreadable:
        raise
    except Exception as error:  # damage makes zipfile raise whatever it meets
        raise Unreadable(_("The ZIP file is damaged or password-protected. Download your data again.")) from error


def _parsed(content: bytes) -> Any:
    """The JSON in the bytes; raises Unreadable."""
    if sum(map(content.count, (b",", b"[", b"{"))) > MOST_VALUES:
        raise Unreadable(_("The file contains more values than this site can import."))
    try:
        return json.loads(content.decode("utf-8-sig"), parse_constant=_no_number)
    except Unreadable:
        raise
    except UnicodeDecodeError:
        raise Unreadable(_("The file is not in UTF-8.")) from None
    except RecursionError:
        raise Unreadable(_("The file is nested too deeply.")) from None
    except json.JSONDecodeError as error:
        message = _("Line %(line)d, column %(column)d: invalid JSON.")
        raise Unreadable(message % {"line": error.lineno, "column": error.colno}) from None
    except ValueError:  # a number of more digits than Python reads
        raise Unreadable(_("The file contains a number that is too long.")) from None


def _no_number(name: str) -> NoReturn:
    """Refuses NaN and Infinity, which are no JSON."""
    raise Unreadable(_("The file contains “%s”, which is not a valid number.") % name)
