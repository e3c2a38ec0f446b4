"""A spreadsheet that was uploaded and is kept, so that only its mapping has to be chosen anew.

It lies among the uploads that no row names, which are swept after a day. The page carries its key, signed for the
person who uploaded it: nobody names a file of another.
"""

from dataclasses import dataclass

from django.core import signing
from django.core.files.storage import default_storage

from readiness.accounts.models import User
from readiness.actions.files import ORPHAN_AGE

_SALT = "readiness.importing.kept"


@dataclass(frozen=True, slots=True)
class Kept:
    """Where it lies, and what it was called."""

    key: str
    name: str

    def read(self) -> bytes:
        with default_storage.open(self.key) as file:
            found: bytes = file.read()
        return found


def sealed(kept: Kept, person: User) -> str:
    """The word for a page that stands for it."""
    return signing.dumps([person.pk, kept.key, kept.name], salt=_SALT)


def unsealed(word: str, person: User) -> Kept | None:
    """What the word stands for; None where it is none of this person's, too old, or the file is gone."""
    try:
        pk, key, name = signing.loads(word, salt=_SALT, max_age=ORPHAN_AGE)
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return Kept(key, name) if pk == person.pk and default_storage.exists(key) else None
