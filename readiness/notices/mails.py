"""One mail to one person, about all that is due to them: as text and as HTML, in their language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from readiness.accounts.languages import language_of
from readiness.accounts.models import Organisation, User
from readiness.accounts.subscribed_mails import one_line, subscribed_mail
from readiness.audit.models import Event
from readiness.notices.choosing import unsubscribe_key
from readiness.notices.models import Notice
from readiness.notices.news import Readership, news_of
from readiness.standing.links import initiative_url


@dataclass(frozen=True, slots=True)
class Entry:
    """What one event has to say to the reader: ``by`` is "" where nobody did it."""

    sentences: list[str]
    at: datetime
    by: str
    address: str


@dataclass(slots=True)
class Chapter:
    """All that is said of one initiative."""

    name: str
    ref: str
    address: str
    entries: list[Entry] = field(default_factory=list)


def chapters_of(reader: User, events: Sequence[Event]) -> list[Chapter]:
    """What some events have to say to a reader, by initiative, each in the order of what happened.

    What is not for them (any more) is left out.
    """
    readership, found = Readership(events, reader.pk), dict[int, Chapter]()
    for event in events:
        news = news_of(event)
        message = readership.message_for(reader.pk, event, news)
        if message is None or event.initiative is None:
            continue
        one = event.initiative
        chapter = found.setdefault(
            one.pk, Chapter(one.name, one.ref, settings.FIVEGATES_URL + initiative_url(one.ref))
        )
        by = str(event.actor) if event.actor else ""
        chapter.entries.append(Entry(message.sentences, event.at, by, settings.FIVEGATES_URL + news.path))
    return list(found.values())


def mail_of(notices: Sequence[Notice]) -> EmailMultiAlternatives | None:
    """The mail with these notices, all to one person; None where nothing of it is for them any more."""
    reader, organisation = notices[0].recipient, Organisation.get()
    with timezone.override(organisation.zone), translation.override(language_of(reader, organisation)):
        chapters = chapters_of(reader, [one.event for one in notices])
        if not chapters:
            return None
        return _written(reader, organisation, chapters, notices[0].mail)


def _written(
    reader: User, organisation: Organisation, chapters: list[Chapter], mail: str
) -> EmailMultiAlternatives:
    words = {
        "organisation": organisation,
        "chapters": chapters,
        "single": len(chapters) == 1 and len(chapters[0].entries) == 1,
        "home": settings.FIVEGATES_URL + "/",
        "choose": settings.FIVEGATES_URL + reverse("account-notifications"),
    }
    stop = settings.FIVEGATES_URL + reverse("unsubscribe", args=[unsubscribe_key(reader.pk)])
    return subscribed_mail(
        reader, "emails/notice", words, subject=_subject(chapters), stop=stop, name=f"notice-{mail}"
    )


def _subject(chapters: list[Chapter]) -> str:
    count = sum(len(chapter.entries) for chapter in chapters)
    if count == 1:
        return f"{one_line(chapters[0].name, 100)}: {one_line(chapters[0].entries[0].sentences[0], 200)}"
    if len(chapters) == 1:
        said = ngettext("%(name)s: %(count)d thing to know", "%(name)s: %(count)d things to know", count)
        return said % {"name": one_line(chapters[0].name, 100), "count": count}
    return _("%(count)d things to know on %(initiatives)d initiatives") % {
        "count": count,
        "initiatives": len(chapters),
    }
