"""What to decide this week: what only a decision moves on, from what is known, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gates.criteria import KIND_OF_GATES, GateKind
from gates.models import ExitTrigger, Initiative
from gates.querysets import InitiativeQuerySet
from gates.stages import Stage, next_stage
from readiness.portfolio.figures import REVIEWS_SHOWN, Reviews, Waiting, counting_day
from readiness.portfolio.questions import (
    State,
    exits_to_decide,
    far_beyond_plan,
    free_to_move,
    holds_to_review,
    open_exits,
)
from readiness.portfolio.scope import EVERYTHING, Scope
from readiness.standing.flags.case import days_so_far
from readiness.standing.flags.thresholds import Thresholds
from readiness.standing.links import exit_url, gate_url, initiative_url
from readiness.standing.models import Flag
from readiness.standing.words import STAGE_WORDS
from readiness.ui.local import number
from readiness.ui.saying import content

SHOWN = 4
LISTED = REVIEWS_SHOWN
"""On paper, where no link unfolds the rest."""
REVIEWS = "reviews:waiting"
"""As an address asks for the initiatives with a review that waits: there may be several on one of them."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision that is due: on which initiative, what about, and since when in a few words."""

    initiative: Initiative
    url: str
    about: str
    days: str = ""
    late: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class DecisionGroup:
    """The decisions of one kind, the most pressing first: ``count`` of them, of which some are shown."""

    kind: State
    title: str
    question: str
    icon: str
    none: str
    count: int
    decisions: Sequence[Decision]
    url: str

    @property
    def more(self) -> int:
        return self.count - len(self.decisions)


def decision_groups(
    rows: InitiativeQuerySet,
    waiting: Reviews,
    today: date,
    thresholds: Thresholds,
    scope: Scope = EVERYTHING,
    shown: int = SHOWN,
) -> list[DecisionGroup]:
    """Every kind of decision, also where there is none of it now; ``shown`` of each, at most ``LISTED``.

    ``waiting``: as ``figures.reviews_waiting`` gives it for the same ``rows``.
    """
    counts = rows.aggregate(
        exits=Count("pk", filter=Q(pk__in=exits_to_decide(rows).values("pk"))),
        moves=Count("pk", filter=Q(pk__in=free_to_move(rows).values("pk"))),
        holds=Count("pk", filter=Q(pk__in=holds_to_review(rows).values("pk"))),
        stops=Count("pk", filter=Q(pk__in=far_beyond_plan(rows).values("pk"))),
    )
    return [
        _group(
            State.EXIT_TO_DECIDE, scope, counts["exits"], _exits(rows, today, shown),
            _("Exit criteria reached"), _("Stop, hold, rework or go on?"), "target", _("No exit criterion is reached."),
        ),
        _group(
            State.WAITING, scope, waiting.count, [_review(one, thresholds) for one in waiting.oldest[:shown]],
            _("Gates waiting"), _("Pass, return or stop?"), "inbox", _("No gate waits for a decision."),
        ),
        _group(
            State.FREE_TO_MOVE, scope, counts["moves"], _moves(rows, shown),
            _("Free to move on"), _("Take the next step?"), "arrow-right", _("None is free to move on."),
        ),
        _group(
            State.HOLD_TO_REVIEW, scope, counts["holds"], _holds(rows, today, shown),
            _("Holds to look at again"), _("Lift, prolong or stop?"), "pause", _("No hold is past its review date."),
        ),
        _group(
            State.FAR_BEYOND_PLAN, scope, counts["stops"], _far_over(rows, today, shown),
            _("Far beyond the plan"), _("Go on or stop?"), "stop", _("Nothing is beyond twice its plan."),
        ),
    ]  # fmt: skip


def _group(
    kind: State,
    scope: Scope,
    count: int,
    decisions: Sequence[Decision],
    title: str,
    question: str,
    icon: str,
    none: str,
) -> DecisionGroup:
    url = scope.listing(behind=REVIEWS) if kind == State.WAITING else scope.listing(state=kind.value)
    return DecisionGroup(kind, title, question, icon, none, count, decisions, url)


def _review(waiting: Waiting, thresholds: Thresholds) -> Decision:
    initiative, submission = waiting.initiative, waiting.submission
    checkpoint = KIND_OF_GATES[submission.gate.framework.kind] == GateKind.CHECKPOINT
    name = (
        _("Checkpoint “%(gate)s”") % {"gate": content(submission.gate.name)}
        if checkpoint
        else _("%(gate)s gate") % {"gate": content(submission.gate.name)}
    )
    return Decision(
        initiative=initiative,
        url=gate_url(initiative.ref, submission.gate.slug),
        about=_("%(name)s, submitted by %(by)s") % {"name": name, "by": submission.by},
        days=days_in_words(waiting.days),
        late=waiting.days >= thresholds.days("decision_overdue", initiative.stage, "days"),
        note=_("Recommended: stop") if submission.recommendation else "",
    )


def _exits(rows: InitiativeQuerySet, today: date, most: int) -> list[Decision]:
    """Those that were reached first; of each initiative the oldest."""
    found = exits_to_decide(rows).annotate(
        exit_id=Subquery(open_exits().values("pk")[:1]), exit_on=Subquery(open_exits().values("on")[:1])
    )
    shown = list(found.order_by("exit_on", "pk")[:most])
    triggers = ExitTrigger.objects.select_related("criterion__decider").in_bulk(
        [initiative.exit_id for initiative in shown]  # type: ignore[attr-defined]  # annotated above
    )
    return [
        _exit(initiative, triggers[initiative.exit_id], today)  # type: ignore[attr-defined]
        for initiative in shown
    ]


def _exit(initiative: Initiative, trigger: ExitTrigger, today: date) -> Decision:
    return Decision(
        initiative=initiative,
        url=exit_url(initiative.ref, trigger.criterion_id),
        about=_("%(words)s. %(decider)s decides.")
        % {"words": trigger.words, "decider": trigger.criterion.decider},
        days=days_in_words((today - trigger.on).days),
        late=True,
    )


def _moves(rows: InitiativeQuerySet, most: int) -> list[Decision]:
    """Those that were in their stage the longest first."""
    found = free_to_move(rows).select_related("standing")
    ordered = found.order_by(F("stage_since").asc(nulls_last=True), "pk")[:most]
    return [_move(initiative) for initiative in ordered]


def _move(initiative: Initiative) -> Decision:
    stage = Stage(initiative.stage)
    target = next_stage(stage) or stage
    return Decision(
        initiative=initiative,
        url=initiative_url(initiative.ref),
        about=_("%(label)s to %(label2)s: nothing stands in the way")
        % {"label": STAGE_WORDS[stage].label, "label2": STAGE_WORDS[target].label},
    )


def _holds(rows: InitiativeQuerySet, today: date, most: int) -> list[Decision]:
    """Those whose review date passed first."""
    found = holds_to_review(rows).filter(hold__isnull=False).select_related("hold")
    return [
        Decision(
            initiative=initiative,
            url=initiative_url(initiative.ref),
            about=initiative.hold.reason,
            days=_("%(days)s past") % {"days": days_in_words((today - initiative.hold.review_on).days)},
            late=True,
        )
        for initiative in found.order_by("hold__review_on", "pk")[:most]
    ]


def _far_over(rows: InitiativeQuerySet, today: date, most: int) -> list[Decision]:
    """Those that cost most first, then those longest in their stage."""
    overrun = Flag.objects.filter(initiative=OuterRef("pk"), code="stage_overrun", resolved_at__isnull=True)
    found = far_beyond_plan(rows).select_related("hold").annotate(overrun=Subquery(overrun.values("details")))
    order = (F("budget_spent").desc(nulls_last=True), F("stage_since").asc(nulls_last=True), "pk")
    costliest = found.order_by(*order)[:most]
    return [_overrun(initiative, today) for initiative in costliest]


def _overrun(initiative: Initiative, today: date) -> Decision:
    details = initiative.overrun  # type: ignore[attr-defined]  # annotated by the caller
    held_since = initiative.hold.since if initiative.hold else None
    days = days_so_far(details, counting_day(initiative, today), held_since)
    planned = days_in_words(details["plan_days"])
    return Decision(
        initiative=initiative,
        url=initiative_url(initiative.ref),
        about=(_("In %(label)s; ") % {"label": STAGE_WORDS[Stage(initiative.stage)].label})
        + (
            _("%(planned)s were planned") % {"planned": planned}
            if details["planned"]
            else _("%(planned)s are usual") % {"planned": planned}
        ),
        days=days_in_words(days) if days is not None else "",
        late=True,
    )


def days_in_words(days: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": number(f"{days:,}")}
