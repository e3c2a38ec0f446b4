"""Handing out a stored file so that a browser can only keep it or, of a picture, look at it: never run it."""

from collections.abc import Iterable

from django.core.files.base import File
from django.http import FileResponse, StreamingHttpResponse
from django.utils.http import content_disposition_header

INERT = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "private, no-store",
}


def as_attachment(file: File, name: str, media_type: str) -> FileResponse:
    """The file as an attachment of the type it was checked to have. Whether the person may have it was asked before."""
    return FileResponse(file, as_attachment=True, filename=name, content_type=media_type, headers=INERT)


def as_lines(lines: Iterable[str], name: str, media_type: str) -> StreamingHttpResponse:
    """A text as it is made, line by line, as an attachment."""
    told = {"Content-Disposition": content_disposition_header(True, name) or "attachment"}
    return StreamingHttpResponse(lines, content_type=media_type, headers=INERT | told)


def as_picture(file: File, name: str, media_type: str) -> FileResponse:
    """A picture to be looked at in place; in its sandbox it can do nothing else. What it is was checked before."""
    return FileResponse(file, as_attachment=False, filename=name, content_type=media_type, headers=INERT)
