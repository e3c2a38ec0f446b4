"""What is kept about a person, as one ZIP: ``data.json`` with every row that carries them, and the files they added.

A person takes their own along, an admin or a command anybody's. Who takes it along themselves is given no word about an
initiative that they may no longer see: such a row says only that it is there. No secret and no digest is ever in it.
"""

import json
import zipfile
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePath
from typing import IO, Any

from django.apps import apps
from django.contrib.sessions.models import Session
from django.core.files.storage import default_storage
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from checklists.models import Evidence
from gates.models import Initiative
from readiness.accounts.models import Organisation, User
from readiness.accounts.policy import Act, allows
from readiness.actions.administering import locked_person
from readiness.actions.errors import NotAllowed
from readiness.actions.person_map import LEFT_OUT, PARTS, Part
from readiness.audit.models import Event
from readiness.audit.recording import Actor, record

EXPORTED = "person.exported"
AT_ONCE = 500
CHUNK = 1024 * 1024
ACCOUNT = (
    *("username", "name", "email", "unit", "function", "language", "is_active", "is_demo"),
    *("created_at", "last_login", "seen_at", "before_visit_at"),
)
PERSONAL = ("person.", "password.", "two_factor.", "token.", "sessions.", "language.", "notifications.")
"""What the verbs of events begin with whose data are about one account, named as "username" or "owner"."""


@dataclass(frozen=True, slots=True)
class _Asked:
    """Whose data, and which initiatives may be spoken of; ``sees`` is None for all."""

    person: User
    sees: Collection[int] | None

    def may_tell(self, initiative: int | None) -> bool:
        return initiative is None or self.sees is None or initiative in self.sees


@transaction.atomic
def take_data_along(username: str, by: Actor, at: datetime) -> User:
    """Note that a person's data leave, before they do.

    Raises NotFound, or NotAllowed for whoever is neither they nor an admin.
    """
    person = locked_person(username)
    own = by.user is not None and by.user.pk == person.pk
    if by.user is not None and not own and not allows(User.objects.get(pk=by.user.pk), Act.ADMINISTER):
        raise NotAllowed("not_allowed", _("What is kept about somebody is theirs to have, and an admin's."))
    record(by, EXPORTED, {"username": person.username, "own": own}, at)
    return person


def write_data(person: User, into: IO[bytes], at: datetime, *, own: bool) -> None:
    """Write the ZIP. ``own``: for themselves, without words about what they may not see now."""
    sees = None
    if own and not person.sees_all:
        sees = frozenset(Initiative.objects.visible_to(person).values_list("pk", flat=True))
    asked = _Asked(person, sees)
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("README.txt", _read_me(person, at, own))
        with packed.open("data.json", "w") as data:
            for line in _document(asked, at):
                data.write(line.encode())
        for name, key in _files(asked):
            if default_storage.exists(key):
                with default_storage.open(key) as kept, packed.open(name, "w", force_zip64=True) as copy:
                    for chunk in kept.chunks(CHUNK):
                        copy.write(chunk)


def file_name(person: User, at: datetime) -> str:
    """Such as fivegates-lena-2026-11-29.zip."""
    return f"fivegates-{person.username}-{Organisation.get().day_of(at).isoformat()}.zip"


def _read_me(person: User, at: datetime, own: bool) -> str:
    organisation = Organisation.get()
    lines = [
        _("What Fivegates at %(organisation)s keeps about %(name)s (%(username)s), as of %(at)s.")
        % {
            "organisation": organisation.name,
            "name": person.name,
            "username": person.username,
            "at": at.astimezone(organisation.zone).strftime("%Y-%m-%d %H:%M %Z"),
        },
        _(
            "data.json: the account, every row that names the person, by table, and what they did by the audit "
            "trail."
        ),
        _("files/: the files they added as evidence, each after the number of its piece of evidence."),
        _(
            "Passwords, keys and digests are not told: of them only that they exist. What is left out, and why, "
            "stands at the end of data.json."
        ),
    ]
    if own:
        lines.append(
            _(
                "Of initiatives that you may no longer see, rows are told without their words; an admin can give "
                "them to you."
            )
        )
    return "\n\n".join(lines) + "\n"


def _document(asked: _Asked, at: datetime) -> Iterator[str]:
    """The JSON piece by piece: nothing grows with the rows."""
    head = {"username": asked.person.username, "as_of": at, "account": _account(asked.person)}
    yield _json(head)[:-1]
    for name, rows in _sections(asked, at):
        yield f",\n{json.dumps(name)}: ["
        for place, row in enumerate(rows):
            yield (",\n" if place else "\n") + _json(row)
        yield "]"
    yield f',\n"left_out": {_json(dict(LEFT_OUT))}}}\n'


def _sections(asked: _Asked, at: datetime) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
    for label, part in PARTS.items():
        yield label, _rows(apps.get_model(label), part, asked)
    yield "sessions", _sessions(asked.person, at)
    yield "done_by_them", _events(Event.objects.filter(actor=asked.person), asked)
    about = Q(data__username=asked.person.username) | Q(data__owner=asked.person.username)
    personal = Q()
    for beginning in PERSONAL:
        personal |= Q(verb__startswith=beginning)
    # Somebody else may have had the username before.
    since = Event.objects.filter(about, personal, at__gte=asked.person.created_at)
    yield "done_to_their_account", _events(since.exclude(actor=asked.person), asked)


def _account(person: User) -> dict[str, Any]:
    roles = [role.value for role in person.roles_in_order]
    return {name: getattr(person, name) for name in ACCOUNT} | {"roles": roles}


def _rows(model: type[models.Model], part: Part, asked: _Asked) -> Iterator[dict[str, Any]]:
    naming = (*part.theirs, *part.touched)
    theirs = Q()
    for column in naming:
        theirs |= Q(**{column: asked.person})
    own = [
        one.name
        for one in model._meta.concrete_fields
        if not one.is_relation and one.name not in part.without
    ]
    paths = [f"{name}_id" for name in naming] + list(part.more.values())
    paths += [part.initiative] if part.initiative else []
    rows = model._default_manager.filter(theirs).order_by("pk")
    for row in rows.values("pk", *dict.fromkeys([*own, *paths])).iterator(chunk_size=AT_ONCE):
        names = [name for name in naming if row[f"{name}_id"] == asked.person.pk]
        initiative = row[part.initiative] if part.initiative else None
        told = {"key": row["pk"], "named_as": names}
        if initiative is not None:
            told["initiative"] = Initiative(pk=initiative).ref
        if set(names) & set(part.theirs) and asked.may_tell(initiative):
            told |= {name: row[path] for name, path in part.more.items()}
            told |= {name: row[name] for name in own}
        yield told


def _events(events: models.QuerySet[Event], asked: _Asked) -> Iterator[dict[str, Any]]:
    """Each with what it says where that is about the person or an initiative that may be spoken of."""
    for event in events.order_by("seq").iterator(chunk_size=AT_ONCE):
        told: dict[str, Any] = {"seq": event.seq, "at": event.at, "verb": event.verb}
        told["by"] = "themselves" if event.actor_id == asked.person.pk else event.actor_kind
        if event.token_name and event.actor_id == asked.person.pk:
            told["token_name"] = event.token_name
        if event.initiative_id is not None:
            told["initiative"] = Initiative(pk=event.initiative_id).ref
        if _is_told(event, asked):
            told["data"] = event.data
        yield told


def _is_told(event: Event, asked: _Asked) -> bool:
    """What an admin did to another's account is that other's, and told to them."""
    if event.initiative_id is not None:
        return asked.may_tell(event.initiative_id)
    whose = event.data.get("username", event.data.get("owner"))
    return event.verb.startswith(PERSONAL) and whose == asked.person.username


def _sessions(person: User, at: datetime) -> Iterator[dict[str, Any]]:
    """Those that are open, by the moment they end; the key that opens one is not told."""
    for session in Session.objects.filter(expire_date__gt=at).order_by("expire_date").iterator():
        if session.get_decoded().get("_auth_user_id") == str(person.pk):
            yield {"ends_at": session.expire_date}


def _files(asked: _Asked) -> Iterator[tuple[str, str]]:
    """Names in the ZIP, and where the file is stored."""
    added = Evidence.objects.filter(added_by=asked.person).exclude(file_key="").order_by("pk")
    paths = ("pk", "file_name", "file_key", PARTS["checklists.Evidence"].initiative)
    for key, name, stored, initiative in added.values_list(*paths).iterator(chunk_size=AT_ONCE):
        if asked.may_tell(initiative):
            yield f"files/{key}-{PurePath(name).name}", stored


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False)
