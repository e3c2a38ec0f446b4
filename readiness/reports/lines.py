"""Each initiative of a report on one line, read in batches, and the figures each with the list behind it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from gates.models import Initiative
from gates.promises import ValueStatus
from gates.stages import Stage
from readiness.portfolio.courses import Course, Outcome
from readiness.portfolio.durations import courses
from readiness.portfolio.figures import counting_day, days_in_stage
from readiness.portfolio.forecast_words import WHY_NOT
from readiness.portfolio.questions import State
from readiness.portfolio.scope import Scope
from readiness.portfolio.survival import Spell
from readiness.reports.contents import Contents
from readiness.reports.money_lines import money_rows, value_rows
from readiness.reports.over_time import OverTime
from readiness.reports.past_lines import lately_rows, time_rows, trend_rows
from readiness.reports.tables import Column, Plain, Row
from readiness.standing.definitions import flag_rules, root_causes
from readiness.standing.forecast import NoForecast
from readiness.standing.links import initiative_url
from readiness.standing.models import FOUND_CAUSE, Flag, Standing
from readiness.standing.verdict import Verdict
from readiness.standing.words import STAGE_WORDS, VERDICT_WORDS
from readiness.ui.saying import content

BATCH = 500
UNREAD = tuple(f"standing__{name}" for name in ("blockers", "next_actions", "effective"))
"""Long, and in no column: to take them apart would be half of the time."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure: ``of`` says what it counts in (a currency, or "" for initiatives), ``url`` the list behind it."""

    part: str
    name: str
    value: Plain
    of: str
    url: str


def columns() -> list[Column]:
    return [
        Column(_("Reference"), 11), Column(_("Initiative"), 38), Column(_("Business unit"), 20),
        Column(_("Stage"), 12), Column(_("On hold"), 9), Column(_("Score"), 8), Column(_("Verdict"), 16),
        Column(_("In the stage since"), 16), Column(_("Days in stage"), 13), Column(_("As of"), 12),
        Column(_("Planned"), 14), Column(_("Spent"), 14), Column(_("Currency"), 9), Column(_("Stalled"), 9),
        Column(_("Open flags"), 46), Column(_("Causes"), 30), Column(_("Technology"), 18), Column(_("Vendor"), 18),
        Column(_("Tags"), 20), Column(_("First day in intake"), 16), Column(_("Days to production"), 13),
        Column(_("Planned days in the stage"), 13), Column(_("Beyond the plan"), 10), Column(_("Optimism gap"), 10),
        Column(_("Enough met: expected"), 16), Column(_("At the earliest"), 16), Column(_("At the latest"), 16),
        Column(_("Why no forecast"), 26), Column(_("Link"), 44),
    ]  # fmt: skip


def lines(found: Contents) -> Iterator[list[Plain]]:
    """Every initiative in the order of names, as ``columns`` says."""
    flags = Flag.objects.filter(resolved_at__isnull=True).defer("details").annotate(found_cause=FOUND_CAUSE)
    rows = (
        found.rows.with_place()
        .defer(*UNREAD)
        .prefetch_related("holds", Prefetch("flags", flags.order_by("opened_on", "pk"), to_attr="open_flags"))
    )
    ways = {one.key: one for one in courses(found.rows, found.today)}
    for one in rows.order_by("name_key", "pk").iterator(chunk_size=BATCH):
        if one.pk in ways:  # else it came in since
            yield _line(one, found.today, ways[one.pk])


def _line(one: Initiative, today: date, way: Course) -> list[Plain]:
    standing = getattr(one, "standing", None)
    open_flags: list[Flag] = one.open_flags  # type: ignore[attr-defined]  # prefetched by the caller
    causes = dict.fromkeys(flag.found_cause for flag in open_flags)  # type: ignore[attr-defined]  # annotated there
    yes, no = _("yes"), _("no")
    return [
        one.ref,
        one.name,
        one.business_unit,
        str(STAGE_WORDS[Stage(one.stage)].label),
        yes if one.hold_id else no,
        standing.score if standing else None,
        str(VERDICT_WORDS[Verdict(standing.verdict)].label) if standing else None,
        one.stage_since,
        days_in_stage(one, today),
        counting_day(one, today),
        one.budget_planned,
        one.budget_spent,
        one.currency,
        yes if standing and standing.stalled else no,
        "; ".join(content(flag_rules()[flag.code].title) for flag in open_flags),
        "; ".join(content(root_causes()[cause].name) for cause in causes if cause),
        one.technology,
        one.vendor,
        ", ".join(one.tags),
        way.started_on,
        way.timed.days if isinstance(way.timed, Spell) and way.outcome == Outcome.LIVE else None,
        way.planned_days,
        yes if way.beyond_plan else no,
        standing.optimism_gap if standing else None,
        *_forecast(standing),
        settings.FIVEGATES_URL + initiative_url(one.ref),
    ]


def _forecast(standing: Standing | None) -> list[Plain]:
    """When enough will be met, with its range, or why nobody can tell."""
    if standing is None:
        return [None, None, None, None]
    why = str(WHY_NOT[NoForecast(standing.forecast_none)]) if standing.forecast_none else None
    return [standing.forecast_on, standing.forecast_from, standing.forecast_to, why]


def figures_of(found: Contents, past: OverTime) -> list[Figure]:
    """The figures of the report in its order. A list holds as many initiatives as its figure says."""
    return [
        Figure(part, name, value, of, settings.FIVEGATES_URL + url if url else "")
        for part, name, value, of, url in (
            *_headline(found),
            *lately_rows(past, found),
            *_decisions(found),
            *_stages(found),
            *time_rows(past, found),
            *trend_rows(past, found),
            *money_rows(found),
            *_value(found),
            *_causes(found),
            *_outcomes(found),
        )
    ]


def _headline(found: Contents) -> Iterable[Row]:
    one, scope = found.headline, found.scope
    part, ready, conditional = _("At a glance"), Verdict.READY.value, Verdict.CONDITIONAL.value
    live, before = _in_stage(scope, Stage.LIVE), State.BEFORE_LIVE
    return [
        (part, _("In all"), one.total, "", scope.listing()),
        (part, _("Running"), one.running, "", scope.listing(state=State.RUNNING)),
        (part, _("Ready for production"), one.ready_ahead, "", scope.listing(verdict=ready, state=before)),
        (part, _("Conditional"), one.conditional_ahead, "", scope.listing(verdict=conditional, state=before)),
        (part, _("Stalled"), one.stalled, "", scope.listing(state=State.STALLED)),
        (part, _("Live"), one.live, "", live),
        (part, _("Live, and every gate holds"), one.ready_live, "", live and _live_and(scope, ready)),
        (part, _("Live, with conditions"), one.conditional_live, "", live and _live_and(scope, conditional)),
    ]  # fmt: skip


def _live_and(scope: Scope, verdict: str) -> str:
    return scope.listing(stage=Stage.LIVE.value, verdict=verdict)


def _decisions(found: Contents) -> Iterable[Row]:
    """Of reviews there may be several on one initiative; the rest counts initiatives."""
    part, reviews = _("Decisions due"), pgettext("what a figure is counted in", "reviews")
    return [
        (part, group.title, group.count, reviews if group.kind == State.WAITING else "", group.url)
        for group in found.decisions
    ]


def _stages(found: Contents) -> Iterable[Row]:
    """Who ever reached a stage, and who is in it now."""
    for one in found.funnel:
        stage = str(STAGE_WORDS[one.stage].label)
        scope: Scope = found.scope
        reached = scope.listing(behind=f"reached:{one.stage.value}")
        yield _("Ever reached"), stage, one.reached, "", reached
        yield _("In the stage now"), stage, one.now, "", _in_stage(scope, one.stage)


def _in_stage(scope: Scope, stage: Stage) -> str:
    """Where the filters ask for another stage, no list shows those that are in this one."""
    return scope.listing(stage=stage.value) if scope.stage in ("", stage.value) else ""


def _value(found: Contents) -> Iterable[Row]:
    part, live = _("Value"), _in_stage(found.scope, Stage.LIVE)
    yield part, _("Live, with a business KPI"), found.value.with_kpi, "", live
    words = {
        ValueStatus.ABOVE: _("above the promise"),
        ValueStatus.ON: _("on the promise"),
        ValueStatus.BELOW: _("below the promise"),
        ValueStatus.UNMEASURED: _("not measured"),
    }
    for mark in found.value.marks:
        for status, said in words.items():
            name = _("KPIs %(days)s days after the launch: %(said)s") % {"days": mark.mark, "said": said}
            yield part, name, mark.counts[status], _("KPIs"), live
    yield from value_rows(found)


def _causes(found: Contents) -> Iterable[Row]:
    for one in found.causes:
        name = content(root_causes()[one.root_cause].name)
        yield _("Root causes"), name, one.initiatives, "", found.scope.listing(cause=one.root_cause)


def _outcomes(found: Contents) -> Iterable[Row]:
    one, part, listing = found.outcomes, _("How it ended"), found.scope.listing
    return [
        (
            part,
            _("Stopped on agreed criteria"),
            one.stopped_on_criteria,
            "",
            listing(behind="ended:agreed_criteria"),
        ),
        (part, _("Stopped by decision"), one.stopped_by_decision, "", listing(behind="ended:decided")),
        (part, _("Faded out"), one.faded_out, "", listing(behind="ended:faded_out")),
        (part, _("Retired"), one.retired, "", _in_stage(found.scope, Stage.RETIRED)),
    ]
