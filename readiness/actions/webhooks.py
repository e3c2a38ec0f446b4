"""Webhooks are added, changed, tried and removed by admins; what was parked is sent again.

What the audit trail keeps of an address is its origin: the rest of it may be a secret of the receiver's. Of the secret
that signs it keeps that it was changed, and when.
"""

import secrets
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from readiness.actions.administering import begin_administration
from readiness.actions.errors import Conflict, FieldError, Invalid, NotFound
from readiness.actions.lines import line_errors
from readiness.audit.models import Chain
from readiness.audit.recording import Actor, record
from readiness.derived import Seed, new_seed
from readiness.webhooks.addresses import Forbidden, checked, target_of
from readiness.webhooks.delivering import switch_off
from readiness.webhooks.events import PING, Kind
from readiness.webhooks.models import OVERLAP, Delivery, Endpoint, Off, State
from readiness.webhooks.payloads import written
from readiness.webhooks.sending import Failed, resolve, within
from readiness.webhooks.signing import secret_of, shown

MOST = 20
DESCRIPTION_MAX = 200
LOOK_UP = 3.0  # seconds
Ask = Callable[[str, int], Sequence[str]]


def add_webhook(
    url: str, events: Sequence[str], description: str, by: Actor, at: datetime, *, ask: Ask = resolve
) -> tuple[Endpoint, str]:
    """A new one, and its secret: the only time that it is to be had. It gets what happens from now on.

    Raises NotAllowed, Invalid at ``url``, ``events`` and ``description``, or Conflict ``too_many_webhooks``.
    """
    errors = _errors({"url": url, "events": events, "description": description}, by, ask)
    with transaction.atomic():
        begin_administration(by)
        if errors:
            raise Invalid(errors)
        if Endpoint.objects.count() >= MOST:
            raise Conflict(
                "too_many_webhooks", _("There are %(most)s already. Remove one first.") % {"most": MOST}
            )
        seed = new_seed(settings.SECRET_KEY)
        made = Endpoint.objects.create(
            url=url,
            description=description.strip(),
            events=_in_order(events),
            salt=seed.salt,
            key_mark=seed.mark,
            read_up_to=0,
            created_by=by.user,
            created_at=at,
        )
        record(by, "webhook.added", _told(made) | {"events": made.events}, at)
        _read_from_now_on(made)
    return made, _shown(made)


def edit_webhook(
    webhook_id: int, changes: Mapping[str, Any], by: Actor, at: datetime, *, ask: Ask = resolve
) -> Endpoint:
    """Change ``url``, ``events``, ``description`` or ``active``; what is absent stays, the same again is no change.

    Switched off it gets nothing, and what waits is parked; on again it gets what happens from then on. Raises
    NotAllowed, NotFound, or Invalid at the fields.
    """
    errors = _errors(changes, by, ask)
    with transaction.atomic():
        begin_administration(by)
        row = _locked(webhook_id)
        if errors:
            raise Invalid(errors)
        changed = _write(row, changes)
        wanted = changes.get("active", row.is_on)
        if wanted != row.is_on:
            changed["active"] = [row.is_on, wanted]
            if not wanted:
                switch_off(row, Off.ADMIN, at)
        if changed:
            record(by, "webhook.edited", _told(row) | {"changed": changed}, at)
        if wanted and row.off:
            row.off = ""
            row.save(update_fields=["off"])
            _read_from_now_on(row)
    return row


@transaction.atomic
def remove_webhook(webhook_id: int, by: Actor, at: datetime) -> None:
    """Take it away with its deliveries; one that is not there (any more) is no error. Raises NotAllowed."""
    begin_administration(by)
    row = Endpoint.objects.select_for_update(no_key=False).filter(pk=webhook_id).first()
    if row is not None:
        told = _told(row)
        row.delete()
        record(by, "webhook.removed", told, at)


@transaction.atomic
def change_secret(webhook_id: int, by: Actor, at: datetime) -> tuple[Endpoint, str]:
    """Another secret, told this once; for a day the one before it signs as well. Raises NotAllowed, NotFound."""
    begin_administration(by)
    row, seed = _locked(webhook_id), new_seed(settings.SECRET_KEY)
    row.previous_salt, row.previous_key_mark = row.salt, row.key_mark
    row.previous_until = at + OVERLAP
    row.salt, row.key_mark = seed.salt, seed.mark
    row.save(update_fields=["salt", "key_mark", "previous_salt", "previous_key_mark", "previous_until"])
    record(by, "webhook.secret_changed", _told(row), at)
    return row, _shown(row)


@transaction.atomic
def ping(webhook_id: int, by: Actor, at: datetime) -> Delivery:
    """Send a message that says nothing, to see whether it arrives.

    Raises NotAllowed, NotFound, or Conflict ``webhook_off``.
    """
    begin_administration(by)
    row = _locked_and_on(webhook_id)
    _at_once(row)
    made = Delivery.objects.create(
        endpoint=row,
        message_id=f"ping_{secrets.token_hex(12)}",
        kind=PING,
        body=written(PING, at, {"webhook": row.pk}),
        made_at=at,
        due_at=at,
    )
    record(by, "webhook.tried", _told(row) | {"message": made.message_id}, at)
    return made


@transaction.atomic
def replay(webhook_id: int, delivery_id: int, by: Actor, at: datetime) -> Delivery:
    """Send a parked message again, the same under the same name, with all its retries.

    Raises NotAllowed, NotFound, Conflict ``webhook_off`` or ``delivery_not_parked``.
    """
    begin_administration(by)
    row = _locked_and_on(webhook_id)
    found = Delivery.objects.select_for_update(of=("self",)).filter(pk=delivery_id, endpoint=row).first()
    if found is None:
        raise NotFound(_("There is no such delivery."))
    if found.state != State.PARKED:
        raise Conflict("delivery_not_parked", _("Only what is parked can be sent again."))
    found.state, found.attempts, found.due_at, found.ended_at = State.WAITING.value, 0, at, None
    found.save(update_fields=["state", "attempts", "due_at", "ended_at"])
    _at_once(row)
    record(by, "webhook.replayed", _told(row) | {"message": found.message_id}, at)
    return found


def _write(row: Endpoint, changes: Mapping[str, Any]) -> dict[str, Any]:
    """Put what is new into the row. Returns what changed, as the audit trail keeps it."""
    before = {"url": row.url, "description": row.description, "events": row.events}
    row.url = changes.get("url", row.url)
    row.description = changes.get("description", row.description).strip()
    row.events = _in_order(changes.get("events", row.events))
    after = {"url": row.url, "description": row.description, "events": row.events}
    changed = {name: [before[name], after[name]] for name in after if before[name] != after[name]}
    if changed:
        row.save(update_fields=list(changed))
    if "url" in changed:
        changed["url"] = [_origin(url) for url in changed["url"]]
    return changed


def _errors(given: Mapping[str, Any], by: Actor, ask: Ask) -> list[FieldError]:
    """What is wrong with the fields. Only an admin has a name looked up; no lock is held meanwhile."""
    with transaction.atomic():
        begin_administration(by)
    errors: list[FieldError] = []
    if "url" in given:
        errors += _address_errors(given["url"], ask)
    if "events" in given and not given["events"]:
        errors.append(FieldError("events", "required", _("Choose at least one.")))
    elif not set(given.get("events", ())) <= set(Kind):
        words = ", ".join(kind.value for kind in Kind)
        errors.append(FieldError("events", "unknown_word", _("Each one of %(words)s.") % {"words": words}))
    if given.get("description"):
        errors += line_errors("description", given["description"].strip(), DESCRIPTION_MAX)
    return errors


def _address_errors(url: str, ask: Ask) -> list[FieldError]:
    """A name that is not resolved now may be later: it is looked at again at each connecting."""
    if not url:
        return [FieldError("url", "required", _("This is required."))]
    try:
        found = target_of(url, settings.FIVEGATES_WEBHOOK_HOSTS)
        names = () if found.literal else within(LOOK_UP, ask, found.host, found.port)
        if names:
            checked(found, names)
    except Forbidden as refused:
        return [FieldError("url", "address_not_allowed", refused.args[0])]
    except Failed:
        pass
    return []


def _in_order(events: Sequence[str]) -> list[str]:
    return [kind.value for kind in Kind if kind.value in events]


def _locked(webhook_id: int) -> Endpoint:
    row = Endpoint.objects.select_for_update(no_key=True, of=("self",)).filter(pk=webhook_id).first()
    if row is None:
        raise NotFound(_("There is no such webhook."))
    return row


def _locked_and_on(webhook_id: int) -> Endpoint:
    row = _locked(webhook_id)
    if not row.is_on:
        raise Conflict("webhook_off", _("It is switched off: switch it on first."))
    return row


def _at_once(row: Endpoint) -> None:
    """Whoever sends something by hand wants to see it now, also where the receiver failed a moment ago."""
    row.rests_until = None
    row.save(update_fields=["rests_until"])


def _read_from_now_on(row: Endpoint) -> None:
    """The caller has just appended an event, and so holds the chain's lock: nothing comes in between."""
    row.read_up_to = Chain.objects.values_list("seq", flat=True).get(pk=1)
    row.save(update_fields=["read_up_to"])


def _shown(row: Endpoint) -> str:
    return shown(secret_of(Seed(row.salt, row.key_mark), [settings.SECRET_KEY]))


def _told(row: Endpoint) -> dict[str, Any]:
    return {"webhook": row.pk, "origin": _origin(row.url)}


def _origin(url: str) -> str:
    """The address without its path; nothing where it may not be sent to any more."""
    try:
        return target_of(url, settings.FIVEGATES_WEBHOOK_HOSTS).origin
    except Forbidden:
        return ""
