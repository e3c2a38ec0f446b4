"""Comments as they are shown: whole threads, and what an item's card says of its own."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max
from django.utils.safestring import SafeString
from django.utils.translation import ngettext

from gates.models import Comment, Initiative
from readiness.workbench.together.speaking import shown_words
from readiness.workbench.together.subjects import Subject, Subjects, thread_url

THREAD_SHOWN = 30
"""So many of a thread are shown in place, the newest; the page of comments has all."""


@dataclass(frozen=True, slots=True)
class ShownComment:
    """``subject`` is None where the list is about nothing else."""

    comment: Comment
    words: SafeString
    subject: Subject | None


@dataclass(frozen=True, slots=True)
class ThreadHead:
    """What stands of a thread before it is opened: how many, and the newest."""

    url: str
    count: int = 0
    newest: Comment | None = None

    @property
    def label(self) -> str:
        return ngettext("%(n)s comment", "%(n)s comments", self.count) % {"n": self.count}


@dataclass(frozen=True, slots=True)
class Thread:
    """One subject with its newest comments, the newest last; ``earlier``: so many before them."""

    subject: Subject
    url: str
    comments: list[ShownComment]
    earlier: int

    @property
    def head(self) -> ThreadHead:
        newest = self.comments[-1].comment if self.comments else None
        return ThreadHead(self.url, len(self.comments) + self.earlier, newest)


def rows_about(initiative: Initiative, subject: Subject | None) -> Any:
    """The comments on one subject, those on a gate with those on its items; all without one. The oldest first."""
    rows = Comment.objects.filter(initiative=initiative).with_people().order_by("pk")
    return rows if subject is None else rows.about(subject.gate, subject.item)


def shown_comments(
    rows: Iterable[Comment], subjects: Subjects, about: Subject | None = None
) -> list[ShownComment]:
    """Each with its subject, unless that is the one they are all about."""
    shown = []
    for row in rows:
        subject = subjects.of(row)
        own = subject if about is None or subject.word != about.word else None
        shown.append(ShownComment(row, shown_words(row), own))
    return shown


def thread(initiative: Initiative, subjects: Subjects, subject: Subject) -> Thread:
    rows = rows_about(initiative, subject)
    count = rows.count()
    newest = list(rows.order_by("-pk")[:THREAD_SHOWN])[::-1]
    url = thread_url(initiative.ref, subject.word)
    return Thread(subject, url, shown_comments(newest, subjects, subject), count - len(newest))


def heads_of_items(initiative: Initiative, codes: Iterable[str]) -> dict[str, ThreadHead]:
    """How many comments each of these items has and its newest, by code; two queries."""
    wanted = list(codes)
    rows = Comment.objects.filter(initiative=initiative, item__in=wanted).order_by()
    counted = {row["item"]: row for row in rows.values("item").annotate(n=Count("pk"), newest=Max("pk"))}
    newest = Comment.objects.select_related("by").in_bulk([row["newest"] for row in counted.values()])
    heads = {}
    for code in wanted:
        row, url = counted.get(code), thread_url(initiative.ref, code)
        heads[code] = ThreadHead(url, row["n"], newest[row["newest"]]) if row else ThreadHead(url)
    return heads
