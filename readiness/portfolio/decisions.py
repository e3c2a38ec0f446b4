"""What to decide this week: what only a decision moves on, from what is known, in a fixed number of queries."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, tzinfo

from django.db.models import Count, F, OuterRef, Q, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from gates.criteria import KIND_OF_GATES, GateKind
from gates.models import ExitTrigger, Initiative
from gates.promises import criterion_read
from gates.querysets import InitiativeQuerySet
from gates.stages import Stage, next_stage
from readiness.accounts.models import User
from readiness.portfolio.figures import REVIEWS_SHOWN, Reviews, Waiting, counting_day, reviews_waiting
from readiness.portfolio.questions import (
    Own,
    State,
    exits_to_decide,
    far_beyond_plan,
    free_to_move,
    holds_to_review,
    open_exits,
    own_decisions,
    to_decide,
)
from readiness.portfolio.scope import EVERYTHING, Scope
from readiness.standing.flags.case import days_so_far
from readiness.standing.flags.thresholds import Thresholds
from readiness.standing.links import exit_url, gate_url, initiative_url
from readiness.standing.models import Flag
from readiness.standing.words import STAGE_WORDS
from readiness.ui.local import number
from readiness.ui.markup import figure
from readiness.ui.saying import content, say

SHOWN = 4
LISTED = REVIEWS_SHOWN - 1
"""On paper, where no link unfolds the rest. One more is shown, here and there, where that is all of them."""
REVIEWS = "reviews:waiting"
"""As an address asks for the initiatives with a review that waits: there may be several on one of them."""


@dataclass(frozen=True, slots=True)
class Decision:
    """One decision that is due: on which initiative, what about, and since when in a few words.

    ``yours``: the reader may take it.
    """

    initiative: Initiative
    url: str
    about: str
    days: str = ""
    late: bool = False
    note: str = ""
    yours: bool = False


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


@dataclass(frozen=True, slots=True)
class Due:
    """The decisions that are due: so many on so many ``initiatives``, ``yours`` of which wait for the reader."""

    groups: Sequence[DecisionGroup]
    initiatives: int
    yours: int

    @property
    def count(self) -> int:
        return sum(group.count for group in self.groups)

    @property
    def words(self) -> str:
        """All of it in a sentence; "" where there is none."""
        if not self.count:
            return ""
        said = {"decisions": decisions_on(self.count, self.initiatives), "yours": figure(self.yours)}
        if not self.yours:
            return _("%(decisions)s, none of which waits for you.") % said
        return (
            ngettext(
                "%(decisions)s, %(yours)s of which waits for you.",
                "%(decisions)s, %(yours)s of which wait for you.",
                self.yours,
            )
            % said
        )


def decisions_on(decisions: int, initiatives: int) -> str:
    """There may be several on one of them: "13 decisions on 11 initiatives"."""
    on = ngettext("%(count)s initiative", "%(count)s initiatives", initiatives) % {
        "count": figure(initiatives)
    }
    return ngettext(
        "%(count)s decision on %(initiatives)s", "%(count)s decisions on %(initiatives)s", decisions
    ) % {"count": figure(decisions), "initiatives": on}


def decisions_due(
    rows: InitiativeQuerySet,
    person: User,
    today: date,
    zone: tzinfo,
    thresholds: Thresholds,
    scope: Scope = EVERYTHING,
) -> tuple[Due, Reviews]:
    """Every decision with those first that this person may take, and the reviews among them."""
    own = own_decisions(rows, person)
    waiting = reviews_waiting(rows, today, zone, own.submissions.keys())
    groups = decision_groups(rows, waiting, today, thresholds, scope, own=own)
    return Due(groups, to_decide(rows).count(), own.initiatives.count()), waiting


def decision_groups(
    rows: InitiativeQuerySet,
    waiting: Reviews,
    today: date,
    thresholds: Thresholds,
    scope: Scope = EVERYTHING,
    shown: int = SHOWN,
    own: Own | None = None,
) -> list[DecisionGroup]:
    """Every kind of decision, also where there is none of it now; ``shown`` of each, at most ``LISTED``.

    ``waiting``: as ``figures.reviews_waiting`` gives it for the same ``rows``. ``own`` are marked, and stand first.
    """
    own, most = own or Own(rows, {}, {}), shown + 1
    counts = rows.aggregate(
        exits=Count("pk", filter=Q(pk__in=exits_to_decide(rows).values("pk"))),
        moves=Count("pk", filter=Q(pk__in=free_to_move(rows).values("pk"))),
        holds=Count("pk", filter=Q(pk__in=holds_to_review(rows).values("pk"))),
        stops=Count("pk", filter=Q(pk__in=far_beyond_plan(rows).values("pk"))),
    )
    groups = [
        _group(
            State.EXIT_TO_DECIDE, scope, counts["exits"], _exits(own, today, most),
            _("Exit criteria reached"), _("Stop, hold, rework or go on?"), "target", _("No exit criterion is reached."),
        ),
        _group(
            State.WAITING, scope, waiting.count, [_review(one, thresholds, own) for one in waiting.oldest[:most]],
            _("Gates waiting"), _("Pass, return or stop?"), "inbox", _("No gate waits for a decision."),
        ),
        _group(
            State.FREE_TO_MOVE, scope, counts["moves"], _moves(own, most),
            _("Free to move on"), _("Take the next step?"), "arrow-right", _("None is free to move on."),
        ),
        _group(
            State.HOLD_TO_REVIEW, scope, counts["holds"], _holds(own, today, most),
            _("Holds to look at again"), _("Lift, prolong or stop?"), "pause", _("No hold is past its review date."),
        ),
        _group(
            State.FAR_BEYOND_PLAN, scope, counts["stops"], _far_over(own, today, most),
            _("Far beyond the plan"), _("Go on or stop?"), "stop", _("Nothing is beyond twice its plan."),
        ),
    ]  # fmt: skip
    # Where only one were hidden, it stands there itself.
    return [
        group if group.count <= most else replace(group, decisions=group.decisions[:shown])
        for group in groups
    ]


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


def _review(waiting: Waiting, thresholds: Thresholds, own: Own) -> Decision:
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
        yours=submission.pk in own.submissions,
    )


def _exits(own: Own, today: date, most: int) -> list[Decision]:
    """Those that were reached first; of each initiative the oldest, or that which the reader was named to decide."""
    exits = open_exits(own.person)
    found = exits_to_decide(own.rows).annotate(
        place=own.first(State.EXIT_TO_DECIDE),
        exit_id=Subquery(exits.values("pk")[:1]),
        exit_on=Subquery(exits.values("on")[:1]),
    )
    shown = list(found.order_by("place", "exit_on", "pk")[:most])
    triggers = ExitTrigger.objects.select_related("criterion__decider").in_bulk(
        [initiative.exit_id for initiative in shown]  # type: ignore[attr-defined]  # annotated above
    )
    return [
        _exit(initiative, triggers[initiative.exit_id], today, own.person)  # type: ignore[attr-defined]
        for initiative in shown
    ]


def _exit(initiative: Initiative, trigger: ExitTrigger, today: date, person: int | None) -> Decision:
    yours, decider = _is_yours(initiative), trigger.criterion.decider
    said = {"words": say(criterion_read(trigger.words)), "decider": decider}
    if yours and trigger.criterion.decider_id == person:
        about = _("You decide. %(words)s.") % said
    elif yours:
        about = _("%(decider)s was named to decide; you may as well. %(words)s.") % said
    else:
        about = _("%(words)s. %(decider)s decides.") % said
    return Decision(
        initiative=initiative,
        url=exit_url(initiative.ref, trigger.criterion_id),
        about=about,
        days=days_in_words((today - trigger.on).days),
        late=True,
        yours=yours,
    )


def _is_yours(initiative: Initiative) -> bool:
    return initiative.place == 0  # type: ignore[attr-defined]  # annotated by the caller


def _moves(own: Own, most: int) -> list[Decision]:
    """Those that were in their stage the longest first."""
    found = free_to_move(own.rows).select_related("standing").annotate(place=own.first(State.FREE_TO_MOVE))
    ordered = found.order_by("place", F("stage_since").asc(nulls_last=True), "pk")[:most]
    return [_move(initiative) for initiative in ordered]


def _move(initiative: Initiative) -> Decision:
    stage = Stage(initiative.stage)
    target = next_stage(stage) or stage
    return Decision(
        initiative=initiative,
        url=initiative_url(initiative.ref),
        about=_("%(label)s to %(label2)s: nothing stands in the way")
        % {"label": STAGE_WORDS[stage].label, "label2": STAGE_WORDS[target].label},
        yours=_is_yours(initiative),
    )


def _holds(own: Own, today: date, most: int) -> list[Decision]:
    """Those whose review date passed first."""
    found = holds_to_review(own.rows).filter(hold__isnull=False).select_related("hold")
    ordered = found.annotate(place=own.first(State.HOLD_TO_REVIEW)).order_by("place", "hold__review_on", "pk")
    return [
        Decision(
            initiative=initiative,
            url=initiative_url(initiative.ref),
            about=initiative.hold.reason,
            days=_("%(days)s past") % {"days": days_in_words((today - initiative.hold.review_on).days)},
            late=True,
            yours=_is_yours(initiative),
        )
        for initiative in ordered[:most]
    ]


def _far_over(own: Own, today: date, most: int) -> list[Decision]:
    """Those that cost most first, then those longest in their stage."""
    overrun = Flag.objects.filter(initiative=OuterRef("pk"), code="stage_overrun", resolved_at__isnull=True)
    found = (
        far_beyond_plan(own.rows)
        .select_related("hold")
        .annotate(overrun=Subquery(overrun.values("details")), place=own.first(State.FAR_BEYOND_PLAN))
    )
    order = ("place", F("budget_spent").desc(nulls_last=True), F("stage_since").asc(nulls_last=True), "pk")
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
        yours=_is_yours(initiative),
    )


def days_in_words(days: int) -> str:
    return ngettext("%(days)s day", "%(days)s days", days) % {"days": number(f"{days:,}")}
