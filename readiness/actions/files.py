"""Files as evidence: taken in with a limit, checked, stored under a name of our own, and swept when nobody wants them.

The file is stored before the row that names it is committed: whatever is killed in between leaves a file without a
row, which ``sweep_orphans`` removes, and never a row without its file.
"""

import errno
import hashlib
import os
import unicodedata
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, datetime, timedelta
from pathlib import Path, PurePath
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import SkipFile, TemporaryFileUploadHandler
from django.utils.translation import gettext as _

from checklists.models import Evidence, EvidenceKind
from readiness.actions.answers import AnswerChange, record_answers
from readiness.actions.errors import FieldError, Invalid, NoRoom, invalid, saying_no_room
from readiness.actions.file_types import NotThatType, type_of
from readiness.actions.pieces import Piece, StoredFile
from readiness.actions.scanning import refuse_infected
from readiness.audit.recording import Actor
from readiness.room import save_whole
from readiness.standing.outcome import Outcome
from readiness.work.models import LongWork

FORM_ROOM = 256 * 1024
"""What a form may hold beside its file, in bytes."""
NAME_MAX = 255
ORPHAN_AGE = timedelta(days=1)
BATCH = 500


class FileTooLarge(RequestDataTooBig):
    """The file is over the limit; nothing of it was kept."""


class LimitedUpload(TemporaryFileUploadHandler):
    """Takes a file in piece by piece and stops at the limit, whatever length was announced.

    Raises FileTooLarge, and NoRoom where the disk does not hold it.
    """

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.limit = settings.FIVEGATES_MAX_UPLOAD_BYTES
        self.received = 0

    def handle_raw_input(self, *args: Any, **kwargs: Any) -> None:
        announced = kwargs.get("content_length", args[2] if len(args) > 2 else 0)
        if announced > self.limit + FORM_ROOM:
            self.refuse_announced()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        self.received = 0
        with self._room():
            super().new_file(*args, **kwargs)

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > self.limit:
            self._drop()
            self.refuse_received()
        with self._room():
            super().receive_data_chunk(raw_data, start)

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """What was held back is written now, at the latest."""
        with self._room():
            return super().file_complete(file_size)

    @contextmanager
    def _room(self) -> Iterator[None]:
        try:
            with saying_no_room():
                yield
        except NoRoom as refused:
            self._drop()
            self.refuse_for_room(refused)

    def _drop(self) -> None:
        """The file is closed, and so gone: the form's parser closes only files that came in whole.

        What it still holds back would be written before, and find no room either.
        """
        if hasattr(self, "file"):
            with suppress(OSError):
                self.file.close()

    def refuse_announced(self) -> None:
        raise FileTooLarge(_("The request announces more than a file may have."))

    def refuse_received(self) -> None:
        raise FileTooLarge(_("The file is larger than a file may be."))

    def refuse_for_room(self, refused: NoRoom) -> None:
        raise refused


class SparingUpload(LimitedUpload):
    """For a page: a file that is not taken is left out, and the form's fields are kept.

    It is noted in ``too_large`` where it is over the limit, in ``no_room`` where the disk is full.

    Set it as ``request.upload_handlers`` before anything reads the form (the CSRF check does).
    """

    too_large = False
    no_room = False

    def refuse_announced(self) -> None:
        """The file's own count decides, so that what was typed beside it arrives."""

    def refuse_received(self) -> None:
        self.too_large = True
        raise SkipFile

    def refuse_for_room(self, refused: NoRoom) -> None:
        self.no_room = True
        raise SkipFile

    def file_complete(self, file_size: int) -> UploadedFile | None:
        """None for one that is left out: the form's parser asks for no file then."""
        try:
            return super().file_complete(file_size)
        except SkipFile:
            return None


def add_file_evidence(
    initiative_id: int,
    code: str,
    upload: UploadedFile,
    title: str,
    effective_on: date | None,
    expires_on: date | None,
    by: Actor,
    at: datetime,
    version: int | None = None,
    framework: str | None = None,
) -> Outcome:
    """Check and store a file, and put it behind an item's answer.

    The same file for the same day is one piece. Raises NotFound, NotAllowed, Conflict, Stale, NoRoom, NotScanned, or
    Invalid at ``file``, ``title``, ``effective_on``, ``expires_on``.
    """
    stored = store_file(upload)
    piece = Piece(
        kind=EvidenceKind.FILE, effective_on=effective_on, title=title, expires_on=expires_on, file=stored
    )
    change = AnswerChange(code, evidence=(piece,), version=version)
    kept = False
    try:
        with saying_no_room():
            outcome = record_answers(initiative_id, [change], by, at, framework, path="")
        kept = Evidence.objects.filter(file_key=stored.key).exists()
    except Invalid as refused:
        raise Invalid([_at_form(error) for error in refused.errors]) from None
    finally:
        if not kept:  # refused, or the same piece lies there already
            default_storage.delete(stored.key)
    return outcome


def _at_form(error: FieldError) -> FieldError:
    return FieldError(error.field.removeprefix("evidence.0."), error.code, error.message)


def store_file(upload: UploadedFile) -> StoredFile:
    """Check a file and lay it down under a fresh key. Raises NoRoom, NotScanned, or Invalid at ``file``."""
    name, size = clean_name(upload.name or ""), upload.size or 0
    if size == 0:
        raise invalid("file", "empty_file", _("The file is empty."))
    if size > settings.FIVEGATES_MAX_UPLOAD_BYTES:
        limit = settings.FIVEGATES_MAX_UPLOAD_BYTES // (1024 * 1024)
        raise invalid("file", "file_too_large", _("At most %(limit)s MB.") % {"limit": limit})
    try:
        kind = type_of(name, cast(BinaryIO, upload), size)
    except NotThatType as reason:
        raise invalid("file", "file_not_allowed", str(reason)) from None
    refuse_infected(cast(BinaryIO, upload))
    digest = hashlib.sha256()
    for chunk in upload.chunks():
        digest.update(chunk)
    upload.seek(0)
    stored_as = uuid.uuid4().hex
    with saying_no_room():
        _make_durable(upload)
        key = save_whole(default_storage, f"{stored_as[:2]}/{stored_as}", upload)
        _make_findable(key)
    return StoredFile(key, name, kind.media_type, size, digest.hexdigest())


def _make_durable(upload: UploadedFile) -> None:
    """Have the content on the disk before a row says that it is there."""
    path = getattr(upload, "temporary_file_path", None)
    if path is not None and upload.file is not None:
        upload.file.flush()
        os.fsync(upload.file.fileno())


def _make_findable(key: str) -> None:
    """Have its name on the disk too, and that of its folder, which may be new.

    The content alone is not enough: a name is an entry of its folder, and after a power cut a file that was moved there
    may be found under no name while its row says that it is there. Only POSIX lets a folder be synced.
    """
    if os.name != "posix":
        return
    folder = Path(default_storage.path(key)).parent
    for place in (folder, folder.parent):
        opened = os.open(place, os.O_RDONLY)
        try:
            os.fsync(opened)
        except OSError as error:
            if error.errno not in (errno.EBADF, errno.EINVAL):  # some network file systems cannot
                raise
        finally:
            os.close(opened)


def clean_name(name: str) -> str:
    """A name to show and to download under: the last part, without what is no visible character."""
    last = PurePath(name.replace("\\", "/")).name
    visible = "".join(letter for letter in last if unicodedata.category(letter)[0] != "C").strip()
    stem, suffix = PurePath(visible).stem, PurePath(visible).suffix
    return f"{stem[: NAME_MAX - len(suffix)]}{suffix}"[:NAME_MAX] or "file"


def sweep_orphans(at: datetime, older_than: timedelta = ORPHAN_AGE) -> int:
    """Remove stored files that no evidence and no recent work names, and uploads broken off, older than this.

    Returns how many.
    """
    before = at - older_than
    removed = 0
    keys = [key for key in _stored_keys() if _is_older(key, before)]
    for start in range(0, len(keys), BATCH):
        batch = keys[start : start + BATCH]
        wanted = set(Evidence.objects.filter(file_key__in=batch).values_list("file_key", flat=True))
        wanted |= LongWork.objects.keeping(batch, at)
        for key in set(batch) - wanted:
            default_storage.delete(key)
            removed += 1
    return removed + _sweep_uploads(Path(settings.UPLOAD_DIR), before)


def _is_older(key: str, before: datetime) -> bool:
    """Whether a stored file lies there from before; one that another clean-up has just removed does not."""
    try:
        return default_storage.get_modified_time(key) < before
    except FileNotFoundError:
        return False


def _stored_keys() -> Iterator[str]:
    try:
        folders, _files = default_storage.listdir("")
    except FileNotFoundError:  # nothing was ever stored
        return
    for folder in folders:
        for name in default_storage.listdir(folder)[1]:
            yield f"{folder}/{name}"


def _sweep_uploads(folder: Path, before: datetime) -> int:
    removed = 0
    for path in folder.iterdir():
        with suppress(FileNotFoundError):  # the upload has ended meanwhile, or another clean-up was here
            if not path.is_symlink() and path.is_file() and path.stat().st_mtime < before.timestamp():
                path.unlink()
                removed += 1
    return removed
