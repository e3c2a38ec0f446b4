"""How a person wants to be told: what they choose, and when a mail is due by it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta, tzinfo

from django.core.signing import BadSignature, Signer
from django.db import transaction

from readiness.accounts.models import Organisation, User
from readiness.audit.recording import Actor, record
from readiness.notices.models import Delivery, Kind, Notice, Preference

DIGEST_AT = time(7)
"""When the mail of the day goes out, in the organisation's zone: before the day's first meeting."""
SALT = "readiness.notices.unsubscribe"


def next_digest(at: datetime, zone: tzinfo) -> datetime:
    """The next seven o'clock after a moment."""
    local = at.astimezone(zone)
    day = local.date() if local.time() < DIGEST_AT else local.date() + timedelta(days=1)
    return datetime.combine(day, DIGEST_AT, zone)


def mail_due(delivery: Delivery, at: datetime, zone: tzinfo) -> datetime | None:
    """When a mail is due for something that is noted now; None where none is wanted."""
    match delivery:
        case Delivery.AT_ONCE:
            return at
        case Delivery.DAILY:
            return next_digest(at, zone)
        case Delivery.APP:
            return None


class Wishes:
    """What some people chose, in one query."""

    def __init__(self, people: Iterable[int]) -> None:
        self._chosen = Preference.objects.in_bulk(list(people))

    def of(self, person: int, kind: Kind) -> Delivery:
        return (self._chosen.get(person) or Preference.default(person)).wants(kind)


@transaction.atomic
def choose(person: User, chosen: Mapping[Kind, Delivery], by: Actor, at: datetime) -> Preference:
    """Keep what a person chose. What they have not been mailed yet follows it at once."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    before = Preference.of(person.pk)
    wanted = {kind.value: delivery.value for kind, delivery in chosen.items()}
    preference, _ = Preference.objects.update_or_create(
        pk=person.pk, defaults=wanted, create_defaults={**_values(before), **wanted}
    )
    changed = {
        kind: [old, new] for kind, old in _values(before).items() if (new := _values(preference)[kind]) != old
    }
    if changed:
        record(by, "notifications.chosen", {"username": person.username, "changed": changed}, at)
    zone = Organisation.get().zone
    untried = Notice.objects.filter(
        recipient=person, mail="", sent_at__isnull=True, given_up_at__isnull=True, read_at__isnull=True
    )
    for kind in changed:
        untried.filter(kind=kind).update(due_at=mail_due(preference.wants(Kind(kind)), at, zone))
    return preference


def _values(preference: Preference) -> dict[str, str]:
    return {kind: str(getattr(preference, kind)) for kind in Kind.values}


def unsubscribe_key(person_id: int) -> str:
    """What stands in a mail's link to end all mails: it does that and nothing else, and does not run out."""
    return Signer(salt=SALT).sign(str(person_id))


def holder_of(key: str) -> User | None:
    """Whose key this is; None where it is none of ours."""
    try:
        person_id = Signer(salt=SALT).unsign(key)
    except BadSignature:
        return None
    return User.objects.filter(pk=person_id).first()


def end_mails(person: User, at: datetime) -> Preference:
    """Everything only in the app from now on; what is due already is not sent either.

    Whoever holds the link acts for the person: mail programs follow it without anybody signing in.
    """
    with transaction.atomic():
        preference = choose(person, dict.fromkeys(Kind, Delivery.APP), Actor.person(person), at)
        Notice.objects.to_be_mailed().filter(recipient=person).update(due_at=None)
    return preference
