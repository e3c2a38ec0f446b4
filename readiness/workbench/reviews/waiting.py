"""The submissions that wait for a decision: for whom, how long, and what is new in them since the last review.

A fixed number of queries, whatever waits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from itertools import chain

from django.db.models import OuterRef, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gates.criteria import KIND_OF_GATES
from gates.models import Decision, Initiative, Snapshot, Submission
from gates.rules import PASSING_DECISIONS, ConditionState
from gates.stages import Stage
from readiness.accounts.models import Organisation, User
from readiness.actions.differences import NOTHING, Counts, counted, differences
from readiness.standing.bars import GateKey, barred_at
from readiness.standing.flags.thresholds import Thresholds
from readiness.standing.links import gate_url
from readiness.standing.thresholds import current_thresholds
from readiness.standing.words import STAGE_WORDS, Word
from readiness.workbench.checklists.gate_page import waited
from readiness.workbench.checklists.places import KIND_NAMES

MOST = 1000
"""So many are looked at, the oldest first: a page stays a page however many wait."""


@dataclass(frozen=True, slots=True)
class News:
    """What a submission brings since the last review; ``conditions`` of the last pass are not confirmed yet."""

    counts: Counts
    first: bool
    conditions: int
    overdue: int

    @property
    def is_nothing(self) -> bool:
        return self.counts == Counts(0, 0, 0, 0)

    @property
    def answers(self) -> str:
        if self.first:
            said = ngettext("%(n)s answer", "%(n)s answers", self.counts.answers)
        else:
            said = ngettext("%(n)s answer changed", "%(n)s answers changed", self.counts.answers)
        return said % {"n": self.counts.answers}

    @property
    def evidence(self) -> str:
        n = self.counts.added
        if self.first:
            return ngettext("%(n)s piece of evidence", "%(n)s pieces of evidence", n) % {"n": n}
        return ngettext("%(n)s new piece of evidence", "%(n)s new pieces of evidence", n) % {"n": n}

    @property
    def notes(self) -> str:
        """Of the notes that changed; "" where none did, or everything is new."""
        n = self.counts.notes
        said = ngettext("%(n)s note changed", "%(n)s notes changed", n)
        return "" if self.first or not n else said % {"n": n}

    @property
    def promises(self) -> str:
        """Of the conditions that are open; "" where there are none."""
        if not self.conditions:
            return ""
        said = ngettext("%(n)s open condition", "%(n)s open conditions", self.conditions)
        text = said % {"n": self.conditions}
        return f"{text}, {_('%(n)s overdue') % {'n': self.overdue}}" if self.overdue else text


@dataclass(frozen=True, slots=True)
class WaitingRow:
    """One submission. ``barred`` says why this person may not decide it, "" where they may.

    ``limit``: the days after which a decision is overdue. ``review``: a first one, one after a return, a periodic one.
    ``at_stake``: the step that its gate guards, "" where it guards none. ``news`` is None until it was looked up.
    """

    submission: Submission
    initiative: Initiative
    stage: Word
    kind: str
    days: int
    limit: int
    locked: bool
    review: Word
    at_stake: str
    barred: str
    url: str
    decide_url: str
    news: News | None = None

    @property
    def mine(self) -> bool:
        """To be decided by this person, now."""
        return not self.barred and not self.locked

    @property
    def overdue(self) -> bool:
        return not self.locked and self.days >= self.limit

    @property
    def waits_for(self) -> str:
        """Why it is not this person's to decide."""
        if self.barred:
            return self.barred
        return _("It is behind an earlier one that is not passed any more.") if self.locked else ""


def to_decide(user: User, organisation: Organisation, at: datetime) -> list[WaitingRow]:
    """Everything that waits and that this person may know of, the oldest first."""
    submissions = list(_waiting(Initiative.objects.visible_to(user).running())[:MOST])
    barred = barred_at(user, {(one.passage_id, one.gate_id) for one in submissions})
    thresholds = current_thresholds()
    return [_row(one, barred, organisation, at, thresholds) for one in submissions]


def _waiting(running: QuerySet[Initiative]) -> QuerySet[Submission]:
    """With the key of the last decision at the gate, its word, and whether it lapsed."""
    last = Decision.objects.filter(passage=OuterRef("passage"), gate__slug=OuterRef("gate__slug")).order_by(
        "-pk"
    )
    rows = Submission.objects.filter(decided_at__isnull=True, passage__initiative__in=running)
    rows = rows.select_related("by", "gate__framework", "passage__initiative__hold")
    return (
        rows.prefetch_related("passage__initiative__holds")
        .annotate(
            last_key=last.values("pk")[:1],
            last_decision=last.values("decision")[:1],
            last_lapse=last.values("lapse__pk")[:1],
        )
        .order_by("at", "pk")
    )


def _row(
    submission: Submission,
    barred: dict[GateKey, str],
    organisation: Organisation,
    at: datetime,
    thresholds: Thresholds,
) -> WaitingRow:
    initiative = submission.passage.initiative
    ref, slug = initiative.ref, submission.gate.slug
    return WaitingRow(
        submission=submission,
        initiative=initiative,
        stage=STAGE_WORDS[Stage(initiative.stage)],
        kind=str(KIND_NAMES[KIND_OF_GATES[submission.gate.framework.kind]]),
        days=waited(submission, initiative.holds.all(), organisation, at),
        limit=thresholds.days("decision_overdue", initiative.stage, "days"),
        locked=submission.locked_since is not None,
        review=_review_word(submission),
        at_stake=_at_stake(submission),
        barred=barred[submission.passage_id, submission.gate_id],
        url=gate_url(ref, slug),
        decide_url=reverse("gate-decide", args=[ref, slug]),
    )


def _review_word(submission: Submission) -> Word:
    last = getattr(submission, "last_decision", None)
    if last is None:
        return Word(_("First submission"), "info", "plus")
    if last not in PASSING_DECISIONS:
        return Word(_("After a return"), "warning", "return")
    if getattr(submission, "last_lapse", None) is not None:
        return Word(_("After a lapse"), "critical", "warning")
    return Word(_("Periodic review"), "neutral", "history")


def _at_stake(submission: Submission) -> str:
    """The step of a stage that a pass takes part in opening."""
    for guard in submission.gate.framework.guards:
        if guard.get("gate") in (None, submission.gate.slug):
            return " → ".join(str(STAGE_WORDS[Stage(guard[end])].label) for end in ("from", "to"))
    return ""


def with_news(rows: Sequence[WaitingRow], today: date) -> list[WaitingRow]:
    """The same with what is new in each since the last review; four queries."""
    keys = {key for row in rows if (key := getattr(row.submission, "last_key", None)) is not None}
    decisions = {
        one.pk: one
        for one in Decision.objects.filter(pk__in=keys)
        .select_related("snapshot")
        .prefetch_related("conditions")
    }
    frozen = Snapshot.objects.in_bulk([row.submission.snapshot_id for row in rows])
    return [
        replace(
            row,
            news=_news(
                frozen[row.submission.snapshot_id],
                decisions.get(getattr(row.submission, "last_key", 0)),
                today,
            ),
        )
        for row in rows
    ]


def _news(submitted: Snapshot, last: Decision | None, today: date) -> News:
    before = last.snapshot.content if last else NOTHING
    unconfirmed = [one for one in _conditions(last) if one.state != ConditionState.CONFIRMED]
    return News(
        counts=counted(differences(before, submitted.content).values()),
        first=last is None,
        conditions=len(unconfirmed),
        overdue=sum(1 for one in unconfirmed if one.state == ConditionState.OPEN and one.due < today),
    )


def _conditions(decision: Decision | None) -> Iterable:
    return chain() if decision is None else decision.conditions.all()
