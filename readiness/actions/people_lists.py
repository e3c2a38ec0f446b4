"""Many people at once, from a CSV file: tried first with every fault at its line, then all of them or nobody.

Whose e-mail is here already is left as they are. A line that could be meant in two ways is a fault.
"""

import csv
import io
import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from kombu.exceptions import OperationalError

from readiness.accounts.models import Function, SystemRole, User
from readiness.accounts.tasks import mail_invitation
from readiness.actions.administering import begin_administration
from readiness.actions.errors import FieldError, Invalid, Refused
from readiness.actions.passwords import make_password_link
from readiness.actions.people import CREATED, USERNAME_MAX, Profile, enter_person, shape_errors
from readiness.audit.recording import Actor, Ledger
from readiness.decoding import UnknownEncoding, decode

log = logging.getLogger(__name__)

BYTES_MAX = 512 * 1024
LINES_MAX = 1_000
COLUMNS = {
    **dict.fromkeys(("name", "full name", "vollständiger name"), "name"),
    **dict.fromkeys(("e-mail", "email", "mail", "e-mail-adresse", "e-mail address"), "email"),
    **dict.fromkeys(("unit", "department", "bereich", "abteilung", "einheit"), "unit"),
    **dict.fromkeys(("role", "roles", "rolle", "rollen"), "roles"),
    **dict.fromkeys(("username", "user name", "benutzername"), "username"),
    **dict.fromkeys(("function", "funktion"), "function"),
}
"""The headings that a column may have, and what it is."""
ROLES = {
    **{role.value: role for role in SystemRole},
    "projektleitung": SystemRole.LEAD,
    "geschäftsleitung": SystemRole.EXECUTIVE,
    "revision": SystemRole.AUDITOR,
    "administrator": SystemRole.ADMIN,
}
FUNCTIONS = {
    **{function.value: function for function in Function},
    "fachbereich": Function.BUSINESS,
    "data science": Function.DATA_SCIENCE,
}
_NOT_IN_A_USERNAME = re.compile(r"[^\w.+-]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line as the person it would make."""

    number: int
    username: str
    profile: Profile

    @property
    def roles_in_order(self) -> list[SystemRole]:
        return [role for role in SystemRole if role in self.profile.roles]


@dataclass(frozen=True, slots=True)
class Trial:
    """What a list would do. ``here``: lines whose e-mail somebody has already, with that person.

    ``errors`` are at ``file`` or at ``lines.17.email`` and the like; with one of them nobody is entered.
    """

    new: tuple[Entry, ...] = ()
    here: tuple[tuple[Entry, User], ...] = ()
    errors: tuple[FieldError, ...] = ()

    @property
    def faults(self) -> list[tuple[int | None, str]]:
        """Line and sentence, in the order of the lines."""
        told = [(_line_of(one), _with_column(one)) for one in self.errors]
        return sorted(told, key=lambda pair: pair[0] or 0)


@transaction.atomic
def enter_list(text: str, by: Actor, at: datetime) -> tuple[list[User], Trial]:
    """Enter everybody who is not here, or nobody. Raises NotAllowed, or Invalid with every fault at its line.

    Invitations are for afterwards, see ``invite_all``.
    """
    begin_administration(by)
    found = trial(text)
    if found.errors:
        raise Invalid(found.errors)
    entered = []
    for one in found.new:
        try:
            entered.append(enter_person(one.username, one.profile, at))
        except Invalid as refused:
            raise Invalid([_at_line(one.number, error) for error in refused.errors]) from None
    # The chain is taken once all are written: while it is held, nobody can do anything.
    ledger = Ledger(at)
    for _person, told in entered:
        ledger.append(by, CREATED, told)
    ledger.close()
    return [person for person, _told in entered], found


def invite_all(people: Sequence[User], by: Actor, at: datetime) -> list[User]:
    """Send each the link with which they set their password; returns who could not be sent one."""
    left = []
    for number, person in enumerate(people):
        try:
            make_password_link(person.username, by, at)
            mail_invitation.delay(person.pk)
        except Refused:  # deactivated by another admin a moment ago
            left.append(person)
        except (OperationalError, OSError):
            log.exception("no broker: invitations were not mailed")
            return [*left, *people[number:]]
    return left


def as_text(data: bytes) -> str:
    """The content of a file. Raises Invalid at ``file``."""
    if len(data) > BYTES_MAX:
        told = _("At most %(kilobytes)s kB.") % {"kilobytes": BYTES_MAX // 1024}
        raise Invalid([FieldError("file", "file_too_large", told)])
    try:
        return decode(data).text
    except UnknownEncoding as unknown:
        raise Invalid([FieldError("file", "malformed", str(unknown))]) from None


def trial(text: str) -> Trial:
    """Read a list and hold it against who is here, in one query. Nothing is written."""
    rows, wrong = _rows(text)
    if wrong:
        return Trial(errors=tuple(wrong))
    found = _Reader()
    for number, cells in rows:
        found.take(number, cells)
    return Trial(tuple(found.new), tuple(found.here), tuple(found.errors))


class _Reader:
    """Takes line after line; knows who is here, and what the lines above have named."""

    def __init__(self) -> None:
        self.new: list[Entry] = []
        self.here: list[tuple[Entry, User]] = []
        self.errors: list[FieldError] = []
        everybody = list(User.objects.only("username", "email", "name", "is_active"))
        self.by_email = {_folded(one.email): one for one in everybody if one.email}
        self.taken = {_folded(one.username) for one in everybody} | set(self.by_email)
        self.lines: dict[str, int] = {}

    def take(self, number: int, cells: dict[str, str]) -> None:
        profile, wrong = _profile(cells)
        email = _folded(profile.email)
        person = self.by_email.get(email)
        if person is not None:
            self.here.append((Entry(number, person.username, profile), person))
            return
        given = cells.get("username", "")
        username = given or self.made(profile.email)
        wrong += [one for one in shape_errors(username, profile) if given or one.field != "username"]
        if not email:
            told = _("An e-mail is needed: the invitation goes there.")
            wrong.append(FieldError("email", "required", told))
        elif email in self.lines:
            told = _("Line %(line)s has the same e-mail.") % {"line": self.lines[email]}
            wrong.append(FieldError("email", "named_twice", told))
        elif email in self.taken:
            wrong.append(FieldError("email", "taken", _("This e-mail address is already in use.")))
        if given and _folded(given) in self.taken:
            wrong.append(FieldError("username", "taken", _("This username is already in use.")))
        self.errors += [_at_line(number, one) for one in wrong]
        self.lines.setdefault(email, number)
        self.taken |= {_folded(username), email}
        self.new.append(Entry(number, username, profile))

    def made(self, email: str) -> str:
        """A username from what stands before the @, with a number where it is taken."""
        plain = _NOT_IN_A_USERNAME.sub("", email.partition("@")[0].lower())[: USERNAME_MAX - 4]
        if not any(character.isalnum() for character in plain):
            plain = "person"  # such as of _@example.org, which is no username by itself
        username, number = plain, 2
        while _folded(username) in self.taken:
            username, number = f"{plain}{number}", number + 1
        return username


def _profile(cells: dict[str, str]) -> tuple[Profile, list[FieldError]]:
    errors: list[FieldError] = []
    roles = set()
    for word in re.split(r"[,;/|+]", cells.get("roles", "")):
        plain = _folded(word)
        if plain and plain not in ROLES:
            told = _("“%(word)s” is no role. There are %(known)s.")
            words = {"word": word.strip()[:40], "known": ", ".join(SystemRole.values)}
            errors.append(FieldError("roles", "unknown", told % words))
        elif plain:
            roles.add(ROLES[plain])
    function = FUNCTIONS.get(_folded(cells.get("function", "")) or Function.BUSINESS.value)
    if function is None:
        told = _("“%(word)s” is no function. There are %(known)s.")
        words = {"word": cells["function"][:40], "known": ", ".join(Function.values)}
        errors.append(FieldError("function", "unknown", told % words))
    name, email, unit = (cells.get(key, "") for key in ("name", "email", "unit"))
    return Profile(name, email, unit, (function or Function.BUSINESS).value, frozenset(roles)), errors


def _rows(text: str) -> tuple[list[tuple[int, dict[str, str]]], list[FieldError]]:
    """The lines below the header that are not empty, each with its number and its cells by what they are."""
    head = text.partition("\n")[0]
    reader = csv.reader(
        io.StringIO(text, newline=""),
        delimiter=max(",;\t", key=head.count),
        strict=True,
    )
    rows: list[tuple[int, list[str]]] = []
    try:
        rows = [(number, cells) for number, cells in _numbered(reader) if any(cells)]
    except csv.Error:
        told = _("A quotation mark is out of place here; what follows could not be read.")
        return [], [FieldError(f"lines.{reader.line_num}", "malformed", told)]
    if len(rows) < 2:
        return [], [FieldError("file", "empty_file", _("There is no line below the header."))]
    if len(rows) > LINES_MAX + 1:
        told = _("At most %(most)s people at once.") % {"most": LINES_MAX}
        return [], [FieldError("file", "too_many", told)]
    columns, wrong = _columns(rows[0][1])
    wide = [number for number, cells in rows[1:] if len(cells) > len(columns) and any(cells[len(columns) :])]
    told = _("There are more cells than columns.")
    wrong += [FieldError(f"lines.{number}", "too_many", told) for number in wide]
    return [(number, dict(zip(columns, cells, strict=False))) for number, cells in rows[1:]], wrong


def _numbered(reader: Iterator[list[str]]) -> Iterator[tuple[int, list[str]]]:
    begins = 1
    for cells in reader:
        yield begins, [cell.strip().replace("\x00", "") for cell in cells]
        begins = reader.line_num + 1  # type: ignore[attr-defined]  # the csv module's reader has it


def _columns(header: Iterable[str]) -> tuple[list[str], list[FieldError]]:
    """What each column is; a heading that is not known is refused, since it may be a misspelt role."""
    found: list[str] = []
    errors = []
    for cell in header:
        name = COLUMNS.get(_folded(cell), "")
        if not name:
            told = _("The column “%(name)s” is not known. There are %(known)s.")
            words = {"name": cell[:40], "known": "Name, E-mail, Unit, Roles, Username, Function"}
            errors.append(FieldError("file", "unknown_field", told % words))
        elif name in found:
            told = _("There are two columns “%(name)s”.") % {"name": cell[:40]}
            errors.append(FieldError("file", "named_twice", told))
        found.append(name)
    if not errors and not {"name", "email"} <= set(found):
        told = _(
            "The first line names the columns: Name and E-mail, and Unit, Roles, Username, Function as wanted."
        )
        errors.append(FieldError("file", "required", told))
    return found, errors


def _at_line(number: int, error: FieldError) -> FieldError:
    return FieldError(f"lines.{number}.{error.field}", error.code, error.message)


def _line_of(error: FieldError) -> int | None:
    part = error.field.split(".")
    return int(part[1]) if part[0] == "lines" else None


def _with_column(error: FieldError) -> str:
    """The sentence, after the heading of the column it is about."""
    named = {
        "name": _("Name"),
        "email": _("E-mail"),
        "unit": pgettext("of an organisation", "Unit"),
        "roles": _("Roles"),
        "username": _("Username"),
        "function": _("Function"),
    }
    column = named.get(error.field.rpartition(".")[2]) if error.field.startswith("lines.") else None
    return f"{column}: {error.message}" if column else error.message


def _folded(text: str) -> str:
    return " ".join(text.casefold().split())
