"""The board report by mail, once a month: on its first day where the organisation is, or as soon as we run again.

There is one row a person and month, and a worker that takes it moves its next try on first. A mail may go out twice
only where a worker dies between the mail server's yes and its own note of it; both copies carry the same Message-ID.
"""

import logging
from datetime import date, datetime, timedelta

from celery.exceptions import SoftTimeLimitExceeded
from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.core.signing import BadSignature, Signer
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from readiness.accounts.languages import language_of
from readiness.accounts.models import Organisation, User
from readiness.accounts.subscribed_mails import one_line, subscribed_mail
from readiness.audit.recording import CLOCK, Actor, record
from readiness.portfolio.scope import Scope
from readiness.reports.contents import gather, in_a_sentence
from readiness.reports.making import CannotMake, make, store
from readiness.reports.models import Format, MonthlyMail, Report, Subscription
from readiness.reports.money_lines import in_short
from readiness.ui.local import month as month_words

log = logging.getLogger(__name__)

SALT = "readiness.reports.unsubscribe"
LEASE = timedelta(minutes=5)
"""How long a mail is left to the worker that took it: longer than a task may run."""
RETRIES = (timedelta(minutes=10), timedelta(hours=1), timedelta(hours=6), timedelta(days=1))
ATTACHED_MAX = 5 * 1024 * 1024
"""Up to so many bytes the PDF goes with the mail; a larger one is behind its link."""


@transaction.atomic
def subscribe(person: User, scope: Scope, subject: str, today: date, at: datetime) -> Subscription:
    """From the next month on; a choice of other filters holds from the next mail on."""
    chosen = {"asked": scope.asked, "subject": subject[:300]}
    made, _new = Subscription.objects.update_or_create(
        pk=person.pk, defaults=chosen, create_defaults=chosen | {"since": today}
    )
    record(Actor.person(person), "report.monthly_wanted", {"filters": scope.asked}, at)
    return made


@transaction.atomic
def unsubscribe(person_id: int, at: datetime, *, by_link: bool = False) -> bool:
    """Whether there was anything to end; what is due already is not sent either. ``by_link``: that of a mail."""
    wish = Subscription.objects.select_related("person").filter(pk=person_id).first()
    if wish is None or not Subscription.objects.filter(pk=person_id).delete()[0]:
        return False
    told = {"filters": wish.asked, "by_link": by_link}
    record(Actor.person(wish.person), "report.monthly_ended", told, at)
    return True


def unsubscribe_key(person_id: int) -> str:
    """What stands in a mail's link to end it: it does that and nothing else, and does not run out."""
    return Signer(salt=SALT).sign(str(person_id))


def holder_of(key: str) -> int | None:
    """Whose key this is; None where it is none of ours."""
    try:
        return int(Signer(salt=SALT).unsign(key))
    except (BadSignature, ValueError):
        return None


def next_one(today: date) -> date:
    """The first day of the next month."""
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def owe(at: datetime) -> int:
    """Note who is owed the mail of this month. Returns how many were not noted before."""
    organisation = Organisation.get()
    first = organisation.day_of(at).replace(day=1)
    people = User.objects.able_to_sign_in(organisation).exclude(email="")
    wanted = Subscription.objects.filter(since__lt=first, person__in=people).values_list("person", flat=True)
    month = _named(first)
    noted = set(MonthlyMail.objects.filter(month=month).values_list("person", flat=True))
    missing = [person for person in wanted if person not in noted]
    MonthlyMail.objects.bulk_create(
        [MonthlyMail(person_id=person, month=month, due_at=at) for person in missing], ignore_conflicts=True
    )
    return len(missing)


def due(at: datetime) -> list[int]:
    """The mails of this month that are to be tried now. What a past month still owes is no news any more."""
    month = _named(Organisation.get().day_of(at))
    waiting = MonthlyMail.objects.filter(
        month=month, due_at__lte=at, sent_at__isnull=True, given_up_at__isnull=True
    )
    return list(waiting.order_by("due_at", "pk").values_list("pk", flat=True))


def _named(day: date) -> str:
    return f"{day:%Y-%m}"


def send(mail_id: int, at: datetime) -> bool:
    """Make the report and send it, if it is due and nobody else is at it. Returns whether it went out."""
    taken = MonthlyMail.objects.filter(
        pk=mail_id, due_at__lte=at, sent_at__isnull=True, given_up_at__isnull=True
    ).update(due_at=at + LEASE, attempts=F("attempts") + 1)
    if not taken:
        return False
    mail = MonthlyMail.objects.select_related("person", "report").get(pk=mail_id)
    wish = Subscription.objects.filter(pk=mail.person_id).first()
    if wish is None:
        _note(mail, given_up_at=at, last_error="It is not wanted any more.")
        return False
    try:
        written(mail, wish, at).send()
    except SoftTimeLimitExceeded:
        raise
    except Exception as error:
        # Whatever it is (the server, an address, a text): it must not keep the next mail from being sent.
        _note_failure(mail, at, error)
        return False
    _note_sent(mail, wish, at)
    return True


@transaction.atomic
def _note_sent(mail: MonthlyMail, wish: Subscription, at: datetime) -> None:
    """Also in the audit trail: what the person may see has left the product."""
    _note(mail, sent_at=at, last_error="")
    told = {"username": mail.person.username, "month": mail.month, "filters": wish.asked}
    record(CLOCK, "report.mailed", told, at)


def _note_failure(mail: MonthlyMail, at: datetime, error: Exception) -> None:
    """Try again later, and give up after the last retry."""
    log.warning("The report of %s to person %s failed: %s", mail.month, mail.person_id, error)
    said = str(error).replace("\x00", "")[:500]
    if mail.attempts > len(RETRIES):
        _note(mail, given_up_at=at, last_error=said)
    else:
        _note(mail, due_at=at + RETRIES[mail.attempts - 1], last_error=said)


def _note(mail: MonthlyMail, **changes: object) -> None:
    MonthlyMail.objects.filter(pk=mail.pk).update(**changes)


def written(mail: MonthlyMail, wish: Subscription, at: datetime) -> EmailMultiAlternatives:
    """The mail with its report, which is made now if it was not by an earlier try."""
    person, organisation = mail.person, Organisation.get()
    language = language_of(person, organisation)
    report = mail.report or _report(mail, wish, language, at)
    with timezone.override(organisation.zone), translation.override(language):
        return _message(mail, organisation, wish, report, at)


def _report(mail: MonthlyMail, wish: Subscription, language: str, at: datetime) -> Report | None:
    """None where no PDF can be made here: the mail says what it can without."""
    report = Report.objects.create(
        person=mail.person, format=Format.PDF, asked=wish.asked, subject=wish.subject, language=language,
        month=mail.month, asked_at=at,
    )  # fmt: skip
    try:
        make(report, at, lambda done, total: None, lambda: _note(mail, report=report))
    except CannotMake as reason:
        log.warning("The report of %s to person %s: %s", mail.month, mail.person_id, reason)
        report.delete()
        return None
    except BaseException:
        report.delete()
        raise
    return report


def _message(
    mail: MonthlyMail, organisation: Organisation, wish: Subscription, report: Report | None, at: datetime
) -> EmailMultiAlternatives:
    scope = Report(asked=wish.asked).scope
    found = gather(mail.person, organisation, scope, report.made_at if report and report.made_at else at)
    month = month_words(date.fromisoformat(f"{mail.month}-01"))
    stop = settings.FIVEGATES_URL + reverse(
        "portfolio-reports-unsubscribe", args=[unsubscribe_key(mail.person_id)]
    )
    file = reverse("portfolio-report", args=[report.pk]) if report else reverse("portfolio-reports")
    attached = report is not None and report.size < ATTACHED_MAX
    subject = one_line(_("AI portfolio of %(name)s, %(month)s") % {"name": organisation.name, "month": month})
    words = {
        "organisation": organisation,
        "sentence": in_a_sentence(found),
        "narrowed": wish.subject,
        "decisions": [(group.title, group.count) for group in found.decisions if group.count],
        "money": in_short(found),
        "unconverted": found.accounts.left_out.left_out,
        "report": settings.FIVEGATES_URL + file,
        "attached": attached,
        "made": report is not None,
        "portfolio": settings.FIVEGATES_URL + scope.address("/portfolio/"),
        "choose": settings.FIVEGATES_URL + reverse("portfolio-reports"),
    }
    message = subscribed_mail(
        mail.person, "emails/monthly_report", words, subject=subject, stop=stop, name=f"report-{mail.pk}"
    )
    if report is not None and attached:
        with store().open(report.file_key) as pdf:
            message.attach(f"portfolio-{mail.month}.pdf", pdf.read(), Format.PDF.media_type)
    return message
